import type { JsonObject } from '../decode/json';
import { type ProviderError, toProviderError } from '../errors';
import { instruct } from '../json/structuredReply';
import type {
	AttachedImage,
	ChatOptions,
	GenerateOptions,
	Message,
	ResponseFormat,
	ToolCall,
} from '../types';

/** The body of a request to `/chat/completions`, in the words this server takes. */
export function chatBody(
	model: string,
	messages: readonly Message[],
	{ chat = {}, extraBody = {} }: GenerateOptions,
	traits: ServerTraits,
): JsonObject {
	return {
		...withoutUndefined({
			model,
			messages: instructed(messages, chat.responseFormat, traits).map(wireMessage),
			...streaming(traits),
			...tuning(chat),
			...tokenLimit(chat, traits),
			...responseFormat(chat.responseFormat, traits),
			...tools(chat),
		}),
		...extraBody,
	};
}

/** An object without its undefined fields. */
export function withoutUndefined(object: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/**
 * Servers that enforce a schema need no words for it. Plain JSON mode does (OpenAI refuses it where no
 * message says JSON), and so does a server that knows no formats.
 */
function instructed(
	messages: readonly Message[],
	format: ResponseFormat | undefined,
	traits: ServerTraits,
): readonly Message[] {
	const enforced = format?.type === 'json_schema' && traits.takes('response_format');
	return format === undefined || enforced ? messages : instruct(messages, format);
}

function wireMessage(message: Message): JsonObject {
	const { role, content, images = [], toolCalls = [], toolCallId } = message;
	if (role === 'tool') return { role, content, tool_call_id: toolCallId };
	if (toolCalls.length > 0) return { role, content, tool_calls: toolCalls.map(wireToolCall) };
	if (images.length === 0) return { role, content };
	// Some servers refuse an empty text.
	const text = content === '' ? [] : [{ type: 'text', text: content }];
	return { role, content: [...text, ...images.map(wireImage)] };
}

function wireImage({ detail, ...image }: AttachedImage): JsonObject {
	const url = 'url' in image ? image.url : `data:${image.mimeType};base64,${image.base64}`;
	return { type: 'image_url', image_url: { url, ...(detail === undefined ? {} : { detail }) } };
}

function wireToolCall({ id, name, arguments: json }: ToolCall): JsonObject {
	return { id, type: 'function', function: { name, arguments: json } };
}

function streaming(traits: ServerTraits): JsonObject {
	if (!traits.takes('stream')) return { stream: false };
	return traits.takes('stream_options')
		? { stream: true, stream_options: { include_usage: true } }
		: { stream: true };
}

function tuning(chat: ChatOptions): JsonObject {
	return {
		temperature: chat.temperature,
		top_p: chat.topP,
		frequency_penalty: chat.frequencyPenalty,
		presence_penalty: chat.presencePenalty,
		stop: chat.stop !== undefined && chat.stop.length > 0 ? chat.stop : undefined,
		seed: chat.seed,
		reasoning_effort: chat.reasoningEffort,
	};
}

/**
 * OpenAI's newer models take only `max_completion_tokens`, many other servers only `max_tokens`.
 * A server that refused both complains of something else: then the one that OpenAI wants is sent.
 */
function tokenLimit({ maxTokens }: ChatOptions, traits: ServerTraits): JsonObject {
	if (maxTokens === undefined) return {};
	const isOlder = !traits.takes('max_completion_tokens') && traits.takes('max_tokens');
	const field = isOlder ? 'max_tokens' : 'max_completion_tokens';
	return { [field]: maxTokens };
}

function responseFormat(format: ResponseFormat | undefined, traits: ServerTraits): JsonObject {
	if (format === undefined || format.type === 'text' || !traits.takes('response_format')) return {};
	if (format.type === 'json_object') return { response_format: { type: 'json_object' } };
	const { name, schema } = format;
	return { response_format: { type: 'json_schema', json_schema: { name, schema } } };
}

function tools({ tools: definitions = [] }: ChatOptions): JsonObject {
	if (definitions.length === 0) return {};
	return {
		tools: definitions.map(({ name, description, parameters }) => ({
			type: 'function',
			function: withoutUndefined({ name, description, parameters }),
		})),
	};
}

/** Something a server may refuse in a request for which there is another way. */
export type Trait =
	| 'stream_options'
	| 'stream'
	| 'max_completion_tokens'
	| 'max_tokens'
	| 'response_format';

/** Statuses with which servers refuse a field. */
const REFUSALS = new Set([400, 404, 415, 422, 501]);

/**
 * What a server turned out not to take. Learnt from its refusals, kept for all requests of a run, so
 * that only the first one is asked twice.
 */
export class ServerTraits {
	private readonly refused = new Set<Trait>();
	private only: Promise<string> | undefined;

	/**
	 * The server's model where it lists a single one, empty otherwise. The server is asked once; where its
	 * list cannot be read, the next request asks again.
	 * @throws ProviderError when the server cannot be reached or does not accept the credentials
	 */
	async onlyModel(list: () => Promise<readonly string[]>): Promise<string> {
		this.only ??= list().then((models) => (models.length === 1 ? (models[0] ?? '') : ''));
		try {
			return await this.only;
		} catch (error) {
			this.only = undefined;
			const failure = toProviderError(error);
			const { status = 0 } = failure.details;
			const hasNoList =
				failure.kind === 'protocol' || (status >= 400 && ![401, 403].includes(status));
			if (hasNoList) return '';
			throw toProviderError(failure);
		}
	}

	/** Whether a request may hold it, as far as is known. */
	takes(trait: Trait): boolean {
		return !this.refused.has(trait);
	}

	/**
	 * Learns from a refusal which of the request's fields the server does not take.
	 * @returns whether asking again in another way makes sense
	 */
	learn(error: ProviderError, sent: Readonly<Record<string, unknown>>): boolean {
		if (error.kind !== 'http' || !REFUSALS.has(error.details.status ?? 0)) return false;
		const trait = refusedTrait(error, sent);
		if (trait === undefined || this.refused.has(trait)) return false;
		this.refused.add(trait);
		return true;
	}
}

/** Longer names first: `stream` is a part of `stream_options`. */
const FIELDS: readonly Trait[] = [
	'stream_options',
	'max_completion_tokens',
	'max_tokens',
	'response_format',
	'stream',
];

function refusedTrait(
	{ details: { parameter, serviceMessage = '' } }: ProviderError,
	sent: Readonly<Record<string, unknown>>,
): Trait | undefined {
	const candidates = FIELDS.filter((field) => field in sent && sent[field] !== false);
	const named = candidates.find(
		(field) => parameter === field || parameter?.startsWith(`${field}.`),
	);
	return named ?? candidates.find((field) => mentions(serviceMessage, field));
}

function mentions(words: string, field: Trait): boolean {
	const pattern = field === 'stream' ? /\bstream(ing)?\b/i : new RegExp(`\\b${field}\\b`, 'i');
	return pattern.test(words);
}
