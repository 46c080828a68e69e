import { type JsonObject, withoutUndefined } from '../decode/json';
import { instruct } from '../json/structuredReply';
import type { ChatOptions, GenerateOptions, Message, ResponseFormat, ToolCall } from '../types';
import { wirePart } from './attachments';
import { drawingFields } from './drawing';
import type { ModelTraits } from './serverTraits';

/** The body of a request to `/chat/completions`, in the way this model takes it. */
export function chatBody(
	model: string,
	messages: readonly Message[],
	{ chat = {}, image, extraBody = {} }: GenerateOptions,
	traits: ModelTraits,
): JsonObject {
	const turns = withoutSystem(instructed(messages, chat.responseFormat, traits), traits);
	return {
		...withoutUndefined({
			model,
			messages: withCacheMark(
				turns.map((message) => wireMessage(message, traits)),
				chat.cacheSystemMessage === true && traits.takes('cache_control'),
			),
			...streaming(traits),
			...tuning(chat),
			...tokenLimit(chat, traits),
			...responseFormat(chat.responseFormat, traits),
			...tools(chat),
			...webSearch(chat, traits),
			...(image && drawingFields(image, traits)),
		}),
		...extraBody,
	};
}

/**
 * Servers that enforce a schema need no instruction in the prompt, unless it tells the model what to choose. Plain JSON mode does (OpenAI refuses
 * it where no message says JSON), and so does a server that knows no formats.
 */
function instructed(
	messages: readonly Message[],
	format: ResponseFormat | undefined,
	traits: ModelTraits,
): readonly Message[] {
	if (format === undefined) return messages;
	const isEnforced = format.type === 'json_schema' && traits.takes('response_format');
	return isEnforced && format.isExplained !== true ? messages : instruct(messages, format);
}

/** For models that know no system role, its text goes in front of the first user message. */
function withoutSystem(messages: readonly Message[], traits: ModelTraits): readonly Message[] {
	if (traits.takes('system')) return messages;
	const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
	const rest = messages.filter(({ role }) => role !== 'system');
	if (system.length === 0) return rest;
	const first = rest.findIndex(({ role }) => role === 'user');
	if (first < 0) return [{ role: 'user', content: system.join('\n\n') }, ...rest];
	return rest.map((message, index) =>
		index === first ? { ...message, content: [...system, message.content].join('\n\n') } : message,
	);
}

/** Anthropic's mark, which OpenRouter, LiteLLM and others pass on: what stands before it is kept for 5 minutes. */
function withCacheMark(messages: readonly JsonObject[], isWanted: boolean): readonly JsonObject[] {
	const [first, ...rest] = messages;
	if (!isWanted || first?.['role'] !== 'system') return messages;
	const mark = { type: 'text', text: first['content'], cache_control: { type: 'ephemeral' } };
	return [{ ...first, content: [mark] }, ...rest];
}

function wireMessage(message: Message, traits: ModelTraits): JsonObject {
	const { role, content, attachments = [], toolCalls = [], toolCallId } = message;
	if (role === 'tool') return { role, content, tool_call_id: toolCallId };
	if (toolCalls.length > 0) {
		return {
			role,
			// Some servers refuse an empty text beside calls (Bedrock).
			content: content === '' ? null : content,
			...reasoningBack(message, traits),
			tool_calls: toolCalls.map((call) => wireToolCall(call, traits)),
		};
	}
	if (attachments.length === 0) return { role, content };
	// Some servers refuse an empty text.
	const text = content === '' ? [] : [{ type: 'text', text: content }];
	return { role, content: [...text, ...attachments.map(wirePart)] };
}

/**
 * DeepSeek and Moonshot want the reasoning back that led to a call; others refuse the field, so it is sent only
 * where it was missed. Both take a blank where the reasoning is not known any more.
 */
function reasoningBack({ reasoning }: Message, traits: ModelTraits): JsonObject {
	return traits.wants('reasoning_content') ? { reasoning_content: reasoning || ' ' } : {};
}

/** By which Gemini takes a call whose signature is not known any more (Gemini API, thought signatures). */
const NO_SIGNATURE = {
	extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } },
};

function wireToolCall(
	{ id, name, arguments: json, extra }: ToolCall,
	traits: ModelTraits,
): JsonObject {
	const known = extra ?? (traits.wants('thought_signature') ? NO_SIGNATURE : {});
	// A call without arguments: servers parse the text.
	const text = json.trim() === '' ? '{}' : json;
	return { ...known, id, type: 'function', function: { name, arguments: text } };
}

function streaming(traits: ModelTraits): JsonObject {
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
 * Many servers know only `max_tokens` and ignore the other name without a word; those that know only
 * `max_completion_tokens`, OpenAI's reasoning models, refuse `max_tokens`. Never both: that is refused too.
 */
function tokenLimit({ maxTokens }: ChatOptions, traits: ModelTraits): JsonObject {
	if (maxTokens === undefined) return {};
	const isNewer =
		traits.wants('max_completion_tokens') ||
		(!traits.takes('max_tokens') && traits.takes('max_completion_tokens'));
	return { [isNewer ? 'max_completion_tokens' : 'max_tokens']: maxTokens };
}

function responseFormat(format: ResponseFormat | undefined, traits: ModelTraits): JsonObject {
	if (format === undefined || format.type === 'text' || !traits.takes('response_format')) return {};
	if (format.type === 'json_object') return { response_format: { type: 'json_object' } };
	const { name, schema, strict } = format;
	const more = strict === true ? { strict } : {};
	return { response_format: { type: 'json_schema', json_schema: { name, schema, ...more } } };
}

function tools({ tools: definitions = [] }: ChatOptions): JsonObject {
	if (definitions.length === 0) return {};
	return {
		tools: definitions.map(({ name, description, parameters }) => ({
			type: 'function',
			function: withoutUndefined({ name, description, parameters: withoutDialect(parameters) }),
		})),
	};
}

/** OpenAI's field, which others have taken over; OpenRouter has one of its own. */
function webSearch({ webSearch: isOn }: ChatOptions, traits: ModelTraits): JsonObject {
	if (isOn !== true) return {};
	return traits.wants('plugins') ? { plugins: [{ id: 'web' }] } : { web_search_options: {} };
}

/** Some servers refuse the field that names the version of JSON Schema (Gemini). */
function withoutDialect(schema: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'));
}
