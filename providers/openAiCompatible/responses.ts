import { asObject, asText, type JsonObject, withoutUndefined } from '../decode/json';
import { ProviderError } from '../errors';
import type { ModelTraits } from './serverTraits';

/** Fields of a chat request that the Responses API does not have. */
const NOT_IN_RESPONSES = ['stop', 'seed', 'frequency_penalty', 'presence_penalty'] as const;

/** Before the first part of the reasoning it says nothing. */
export const BETWEEN_PARTS = '\n\n';

/** The fields of a chat request that are lost on the way to `/responses`. */
export function lostInResponses(chat: JsonObject): string[] {
	return NOT_IN_RESPONSES.filter((field) => chat[field] !== undefined);
}

/** A chat request as the Responses API takes it (OpenAI API reference, responses). */
export function responsesBody(chat: JsonObject, traits: ModelTraits): JsonObject {
	const {
		messages,
		response_format: format,
		max_tokens: older,
		max_completion_tokens: newer,
		reasoning_effort: effort,
		tools,
		web_search_options: search,
		text,
		reasoning,
		...rest
	} = chat;
	const lost = new Set<string>([...NOT_IN_RESPONSES, 'stream_options']);
	const summary = traits.takes('reasoning') ? 'auto' : undefined;
	const offered = [
		...objectsIn(tools).map(offeredTool),
		...(search === undefined ? [] : [{ type: 'web_search' }]),
	];
	return withoutUndefined({
		// As with chat: nothing stays at the service that was not asked for.
		store: false,
		input: objectsIn(messages).flatMap(inputItems),
		max_output_tokens: newer ?? older,
		text: merged({ format: format === undefined ? undefined : textFormat(format) }, text),
		reasoning: merged({ effort, summary }, reasoning),
		tools: offered.length === 0 ? undefined : offered,
		// What the user put into the body in the words of this API stays there.
		...Object.fromEntries(Object.entries(rest).filter(([name]) => !lost.has(name))),
	});
}

/** Fields with those that the user set; undefined where there are none. */
function merged(fields: JsonObject, own: unknown): JsonObject | undefined {
	const all = withoutUndefined({ ...fields, ...asObject(own) });
	return Object.keys(all).length === 0 ? undefined : all;
}

/** Tools of this API, which a user may add to the body, are none of chat's functions. */
function offeredTool(tool: JsonObject): JsonObject {
	const definition = asObject(tool['function']);
	// Chat's default; here it would be the other way round.
	return definition === undefined ? tool : { type: 'function', strict: false, ...definition };
}

function objectsIn(list: unknown): JsonObject[] {
	return Array.isArray(list) ? list.map((entry) => asObject(entry) ?? {}) : [];
}

/** `{ type, json_schema: { name, schema, strict } }` without its inner object. */
function textFormat(format: unknown): JsonObject {
	const { type, json_schema: schema } = asObject(format) ?? {};
	return { type, ...asObject(schema) };
}

function inputItems(message: JsonObject): JsonObject[] {
	const { role, content, tool_calls: calls, tool_call_id: id } = message;
	if (role === 'tool') return [{ type: 'function_call_output', call_id: id, output: content }];
	const said = content === null || content === undefined ? [] : [spoken(role, content)];
	const called = objectsIn(calls).map((call) => ({
		type: 'function_call',
		call_id: call['id'],
		...asObject(call['function']),
	}));
	return [...said, ...called];
}

/** What a model said has a form of its own: llama.cpp takes no other. */
function spoken(role: unknown, content: unknown): JsonObject {
	return role === 'assistant'
		? { type: 'message', role, content: [{ type: 'output_text', text: content }] }
		: { role, content: input(content) };
}

/** Only users send parts. */
function input(content: unknown): unknown {
	if (!Array.isArray(content)) return content;
	return objectsIn(content).map((part) => {
		const { type, text, image_url: image, file } = part;
		if (type === 'text') return { type: 'input_text', text };
		if (type === 'file') return { type: 'input_file', ...asObject(file) };
		if (type !== 'image_url') return part;
		const { url, detail } = asObject(image) ?? {};
		return withoutUndefined({ type: 'input_image', image_url: url, detail });
	});
}

/**
 * An answer of the Responses API, or one event of it, as a chat completion or a chunk of one. Events that
 * repeat what others have brought become empty; what is neither stays as it is.
 * @throws ProviderError `protocol` for an answer that the service has only begun
 */
export function asCompletion(value: JsonObject): JsonObject {
	const { type, response, object } = value;
	if (object === 'response') return completion(finished(value));
	if (typeof type !== 'string' || !type.startsWith('response.')) return value;
	const whole = asObject(response);
	if (/^response\.(completed|incomplete|failed)$/.test(type) && whole !== undefined) {
		return completion(whole);
	}
	const delta = deltaOf(type, value);
	return delta === undefined ? {} : { choices: [{ delta }] };
}

/** With `background` in the body, a service answers before it has an answer. */
function finished(response: JsonObject): JsonObject {
	const { id, status } = response;
	if (status !== 'queued' && status !== 'in_progress') return response;
	throw new ProviderError('protocol', 'The service has not answered yet', {
		explanation: `Its response ${asText(id) ?? ''} is '${status}' and goes on in the background. Leave 'background' out of the body.`,
	});
}

function deltaOf(type: string, event: JsonObject): JsonObject | undefined {
	const { delta, item, annotation, output_index: index } = event;
	switch (type) {
		case 'response.output_text.delta':
			return { content: delta };
		case 'response.refusal.delta':
			return { refusal: delta };
		case 'response.reasoning_summary_text.delta':
		case 'response.reasoning_text.delta':
			return { reasoning_content: delta };
		case 'response.reasoning_summary_part.added':
			return { reasoning_content: BETWEEN_PARTS };
		case 'response.output_text.annotation.added':
			return { annotations: [annotation] };
		case 'response.output_item.added':
		case 'response.output_item.done': {
			// Some servers send the arguments only with the whole call.
			const call = toolCall(asObject(item) ?? {});
			return call === undefined ? images([item]) : { tool_calls: [{ index, ...call }] };
		}
		case 'response.function_call_arguments.delta':
			return { tool_calls: [{ index, function: { arguments: delta } }] };
		default:
			return undefined;
	}
}

function toolCall(item: JsonObject): JsonObject | undefined {
	const { type, call_id: id, name, arguments: json } = item;
	if (type !== 'function_call') return undefined;
	return { id, type: 'function', function: { name, arguments: json } };
}

function completion({ output, status, error, incomplete_details, ...rest }: JsonObject) {
	if (asObject(error) !== undefined) return { error };
	const items = objectsIn(output);
	const parts = items.flatMap(({ type, content }) =>
		type === 'message' ? objectsIn(content) : [],
	);
	const calls = items.map(toolCall).filter((call) => call !== undefined);
	const reason = asText(asObject(incomplete_details)?.['reason']) ?? status;
	const ended = calls.length > 0 ? 'tool_calls' : 'stop';
	return {
		...rest,
		choices: [
			{
				message: {
					content: joined(parts, 'text'),
					refusal: joined(parts, 'refusal'),
					reasoning_content: summaries(items),
					annotations: parts.flatMap(({ annotations }) => objectsIn(annotations)),
					...images(items),
					...(calls.length === 0 ? {} : { tool_calls: calls }),
				},
				finish_reason: reason === 'completed' ? ended : reason,
			},
		],
	};
}

function images(items: unknown): { images: JsonObject[] } {
	const drawn = objectsIn(items).filter(({ type }) => type === 'image_generation_call');
	return { images: drawn.map(({ result }) => ({ b64_json: result })) };
}

function joined(parts: readonly JsonObject[], field: string): string {
	return parts.map((part) => asText(part[field]) ?? '').join('');
}

function summaries(items: readonly JsonObject[]): string {
	const reasoning = items.filter(({ type }) => type === 'reasoning');
	return reasoning
		.flatMap(({ summary, content }) => [...objectsIn(summary), ...objectsIn(content)])
		.map(({ text }) => asText(text) ?? '')
		.join(BETWEEN_PARTS);
}
