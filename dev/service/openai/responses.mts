import { randomUUID } from 'node:crypto';

import type { Exchange } from '../exchange.mts';
import { refusedField } from '../faults/answers.mts';
import { prepareAnswer, promptOf, withoutDirectives } from '../respond.mts';
import type { Turn } from '../text.mts';
import type { StreamRecipe } from '../wire/answerStream.mts';
import { sendJson, streamAnswer } from '../wire/send.mts';
import { completeChat, type Completion, readMessages } from './completion.mts';
import { drawWithTool } from './drawing.mts';
import { badRequest, type Failure, findFailure, openAiError } from './errors.mts';
import type { ToolCall } from './structured.mts';

type JsonObject = Record<string, unknown>;

/** Models that OpenAI offers in this API alone. */
export function isOnlyInResponses(model: unknown): boolean {
	return /-pro$/.test(String(model));
}

/** What chat completions say about them. */
export const onlyInResponses: Failure = {
	status: 404,
	error: openAiError(
		'This model is only supported in v1/responses and not in v1/chat/completions.',
		'invalid_request_error',
		null,
		'model',
	),
};

/** The Responses API as far as clients need it that come from chat completions. */
export async function answerResponse(exchange: Exchange): Promise<void> {
	const turns = readTurns(exchange.body);
	if (!Array.isArray(turns)) {
		await sendJson(exchange, turns.status, turns.error);
		return;
	}
	if (!(await prepareAnswer(exchange, promptOf(turns)))) return;
	const { directives } = exchange;
	const body = exchange.body as JsonObject;
	const refused = refusedField(directives, body);
	if (refused) {
		await sendJson(exchange, 400, refused);
		return;
	}
	const asked = withoutDirectives(turns);
	const completion = completeChat(asChat(body), asked, directives);
	completion.images = await drawWithTool(directives, body, asked);
	if (body['stream'] === true) await streamAnswer(exchange, responseStream(completion));
	else await sendJson(exchange, 200, responseDocument(completion));
}

function readTurns(body: unknown): Turn[] | Failure {
	const failure = findFailure(body, ['model', 'input']);
	if (failure) return failure;
	const { input } = body as JsonObject;
	const messages = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
	const turns = Array.isArray(messages) ? readMessages(messages.map(asMessage)) : 0;
	return typeof turns === 'number'
		? badRequest(`Invalid value for 'input[${turns}]'.`, `input[${turns}]`, 'invalid_value')
		: turns;
}

function asMessage(item: unknown): unknown {
	const { type, output, content, ...rest } = item as JsonObject;
	if (type === 'function_call') return { role: 'assistant', content: '' };
	if (type === 'function_call_output') return { role: 'tool', content: output };
	if (!Array.isArray(content)) return { ...rest, content };
	return { ...rest, content: (content as JsonObject[]).map(asPart) };
}

function asPart({ image_url: url, detail, ...part }: JsonObject): JsonObject {
	if (part['type'] === 'input_file') return { type: 'file', file: part };
	return url === undefined ? part : { type: 'image_url', image_url: { url, detail } };
}

/** The settings of the request under the names of chat completions. */
function asChat({ text, tools, reasoning, max_output_tokens, ...rest }: JsonObject): JsonObject {
	const { format } = (text ?? {}) as { format?: JsonObject };
	const { effort } = (reasoning ?? {}) as JsonObject;
	const { type, ...schema } = format ?? {};
	return {
		...rest,
		max_completion_tokens: max_output_tokens,
		reasoning_effort: effort,
		...(type === undefined ? {} : { response_format: { type, json_schema: schema } }),
		...(Array.isArray(tools) ? { tools: tools.map(asTool) } : {}),
	};
}

function asTool({ type, ...definition }: JsonObject): JsonObject {
	return type === 'function' ? { type, function: definition } : { type };
}

export function responseDocument(completion: Completion): JsonObject {
	const { id, created, model, usage, finishReason } = completion;
	const isCut = finishReason === 'length';
	return {
		id: `resp_${id}`,
		object: 'response',
		created_at: created,
		status: isCut ? 'incomplete' : 'completed',
		error: null,
		incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
		model,
		output: outputOf(completion),
		usage: {
			input_tokens: usage.prompt_tokens,
			input_tokens_details: usage.prompt_tokens_details,
			output_tokens: usage.completion_tokens,
			output_tokens_details: usage.completion_tokens_details,
			total_tokens: usage.total_tokens,
		},
	};
}

function outputOf(completion: Completion): JsonObject[] {
	const { reasoning, refuses, fragments, toolCalls, images } = completion;
	// Not nested, as in chat completions.
	const annotations = completion.annotations.map(({ url_citation: citation, type }) => ({
		type,
		...(citation as JsonObject),
	}));
	const text = fragments.join('');
	const part = refuses
		? { type: 'refusal', refusal: text }
		: { type: 'output_text', annotations, text };
	const message = { type: 'message', status: 'completed', role: 'assistant', content: [part] };
	const summary = [{ type: 'summary_text', text: reasoning.join('') }];
	return [
		...(reasoning.length ? [{ type: 'reasoning', id: `rs_${randomUUID()}`, summary }] : []),
		...images.map((result) => ({
			type: 'image_generation_call',
			id: `ig_${randomUUID()}`,
			status: 'completed',
			result,
		})),
		...(toolCalls.length
			? toolCalls.map(functionCall)
			: [{ id: `msg_${randomUUID()}`, ...message }]),
	];
}

function functionCall({ id, function: { name, arguments: json } }: ToolCall): JsonObject {
	return { type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: json };
}

/** The events, each with the fields that clients of the API read. */
function responseStream(completion: Completion): StreamRecipe {
	const document = responseDocument(completion);
	const { reasoning, refuses, fragments, toolCalls } = completion;
	const event = (type: string, fields: JsonObject) =>
		JSON.stringify({ type: `response.${type}`, ...fields });
	const first = (reasoning.length ? 1 : 0) + completion.images.length;
	const encode = (delta: string): string =>
		event(refuses ? 'refusal.delta' : 'output_text.delta', { output_index: first, delta });
	const calls = toolCalls.flatMap((call, index) => {
		const place = { output_index: first + index };
		const item = { ...functionCall(call), arguments: '' };
		return [
			event('output_item.added', { ...place, item }),
			event('function_call_arguments.delta', { ...place, delta: call.function.arguments }),
			event('function_call_arguments.done', { ...place, arguments: call.function.arguments }),
		];
	});
	return {
		protocol: 'openai',
		opening: [event('created', { response: { ...document, status: 'in_progress', output: [] } })],
		fragments: [
			...reasoning.map((delta) => event('reasoning_summary_text.delta', { delta })),
			...fragments.map(encode),
			...calls,
		],
		ending: [event(String(document['status']), { response: document })],
		encode,
	};
}
