import { addUsage } from '../../providers/collectReply';
import { asObject, asText, type JsonObject } from '../../providers/decode/json';
import { ProviderError } from '../../providers/errors';
import { readBytes } from '../../providers/files';
import { declined, failedAnswer } from '../../providers/openAiCompatible/answerErrors';
import { imagePart } from '../../providers/openAiCompatible/attachments';
import { CompletionReader } from '../../providers/openAiCompatible/completion';
import { readUsage } from '../../providers/openAiCompatible/usage';
import type { TransportResponse } from '../../providers/Transport';
import type { Attachment, Message, ProviderChunk, Usage } from '../../providers/types';

/** The conversation as plain objects, which LangChain's models take as they take its own messages. */
export async function toLangChain(messages: readonly Message[]): Promise<object[]> {
	return await Promise.all(
		messages.map(async ({ role, content, attachments = [] }) => {
			if (attachments.length === 0) return { role, content };
			const text = content === '' ? [] : [{ type: 'text', text: content }];
			return { role, content: [...text, ...(await Promise.all(attachments.map(filePart)))] };
		}),
	);
}

/** As n8n's own agent passes files on; LangChain's models turn them into what their vendors want. */
async function filePart(attachment: Attachment): Promise<object> {
	const { kind } = attachment;
	if (kind === 'link') return imagePart(attachment.url, attachment.detail);
	const { content, detail, fileName, mimeType } = attachment;
	const data =
		typeof content === 'string' ? content : (await readBytes(content)).toString('base64');
	if (kind === 'image') return imagePart(`data:${mimeType};base64,${data}`, detail);
	const type = kind === 'pdf' ? 'file' : 'audio';
	const metadata = { filename: fileName };
	return { type, source_type: 'base64', mime_type: mimeType, data, metadata };
}

/** No head came with the answer: the client of the connected node has read it. */
export const NO_RESPONSE: TransportResponse = {
	status: 200,
	headers: {},
	body: (async function* () {})(),
	close: () => undefined,
};

/** Fields in which the vendors' models say why an answer ended. */
const END_FIELDS = ['finish_reason', 'finishReason', 'stop_reason', 'stopReason', 'done_reason'];
/** Their names for an answer that is complete. */
const COMPLETE = /^(complete|end_turn|stop|stop_sequence)$/i;

/**
 * Reads a message of LangChain, or the pieces of one, as the parts of a chat completion: they hold the same
 * things under other names.
 */
export class MessageReader {
	private readonly completion: CompletionReader;
	private usage: Usage | undefined;

	/** Whether the message comes in pieces: a model that cannot stream gives a stream of one message. */
	private isStream = false;

	/** @param prompt what images are made from */
	constructor(prompt: string) {
		this.completion = new CompletionReader({}, prompt);
	}

	/** @throws ProviderError `refused` over a limit */
	read(message: unknown): ProviderChunk[] {
		const given = asObject(message) ?? { content: message };
		this.isStream ||= typeof given['concat'] === 'function';
		const extra = asObject(given['additional_kwargs']) ?? {};
		const about = { ...extra, ...asObject(given['response_metadata']) };
		const delta = {
			...extra,
			content: contentOf(given['content']),
			// The node runs no tools.
			tool_calls: undefined,
			function_call: undefined,
		};
		const chunks: ProviderChunk[] = [];
		const model = asText(about['model_name']) ?? asText(about['model']);
		const choices = [{ index: 0, delta, finish_reason: endOf(about) }];
		this.completion.read({ choices, model }, chunks);
		// LangChain adds up what the pieces of an answer tell.
		const usage = usageOf(given['usage_metadata'], about);
		if (usage !== undefined) this.usage = addUsage(this.usage ?? {}, usage);
		return chunks;
	}

	/** What is known only at the end. @throws ProviderError `refused`, `truncated` or `http` */
	finish(): ProviderChunk[] {
		const { completion, usage } = this;
		if (completion.failure !== undefined) throw failedAnswer(NO_RESPONSE, completion.failure);
		if (completion.refusal !== '') throw declined(completion.refusal);
		// Both come last: a stream without either was cut, which LangChain takes for its end.
		if (this.isStream && completion.finishReason === undefined && usage === undefined) {
			throw new ProviderError('truncated', 'The answer broke off');
		}
		const chunks: ProviderChunk[] = [];
		completion.finish(chunks);
		if (usage !== undefined) chunks.push({ type: 'usage', usage });
		return chunks;
	}
}

function contentOf(content: unknown): unknown {
	return Array.isArray(content) ? content.map(knownPart) : content;
}

/** Images as data (`inlineData` of Gemini, `image` of LangChain) and Bedrock's reasoning, as others have them. */
function knownPart(part: unknown): unknown {
	const object = asObject(part);
	const reasoning = object?.['reasoningText'];
	if (reasoning !== undefined) return { type: 'reasoning', reasoning };
	const file = asObject(object?.['inlineData']) ?? asObject(object?.['source']) ?? object ?? {};
	const type = asText(file['mimeType']) ?? asText(file['mime_type']) ?? asText(file['media_type']);
	const data = asText(file['data']);
	if (data === undefined || type?.startsWith('image/') !== true) return part;
	return { type: 'image_url', image_url: `data:${type};base64,${data}` };
}

function endOf(about: JsonObject): string | undefined {
	const reasons = [about, asObject(about['messageStop']) ?? {}].flatMap((place) =>
		END_FIELDS.map((field) => asText(place[field])),
	);
	const reason = reasons.find(Boolean);
	return reason !== undefined && COMPLETE.test(reason) ? 'stop' : reason?.replaceAll('-', '_');
}

/** @param about where a gateway, or the AiChats Chat Model, tells what the answer cost */
function usageOf(metadata: unknown, about: JsonObject): Usage | undefined {
	const counts = asObject(metadata);
	if (counts === undefined) return undefined;
	const input = asObject(counts['input_token_details']);
	const output = asObject(counts['output_token_details']);
	const { cost } = asObject(about['usage']) ?? asObject(about['tokenUsage']) ?? {};
	return readUsage({
		...counts,
		prompt_tokens_details: {
			cached_tokens: input?.['cache_read'],
			cache_write_tokens: input?.['cache_creation'],
		},
		completion_tokens_details: { reasoning_tokens: output?.['reasoning'] },
		cost,
	});
}
