import { randomUUID } from 'node:crypto';

import type { Exchange } from '../exchange.mts';
import { prepareAnswer, promptOf, withoutDirectives } from '../respond.mts';
import type { Turn } from '../text.mts';
import { sendJson } from '../wire/send.mts';
import { completeChat, type Completion, readMessages } from './completion.mts';
import { badRequest, type Failure, findFailure } from './errors.mts';

type JsonObject = Record<string, unknown>;

/** The Responses API as far as n8n's own OpenAI node needs it: text, not streamed. */
export async function answerResponse(exchange: Exchange): Promise<void> {
	const turns = readTurns(exchange.body);
	if (!Array.isArray(turns)) {
		await sendJson(exchange, turns.status, turns.error);
		return;
	}
	if (!(await prepareAnswer(exchange, promptOf(turns)))) return;
	const { directives } = exchange;
	const completion = completeChat(
		exchange.body as JsonObject,
		withoutDirectives(turns),
		directives,
	);
	await sendJson(exchange, 200, responseDocument(completion));
}

function readTurns(body: unknown): Turn[] | Failure {
	const failure = findFailure(body, ['model', 'input']);
	if (failure) return failure;
	const { input, stream } = body as JsonObject;
	if (stream === true)
		return badRequest('This stand-in does not stream responses.', 'stream', null);
	const messages = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
	const turns = Array.isArray(messages) ? readMessages(messages) : 0;
	return typeof turns === 'number'
		? badRequest(`Invalid value for 'input[${turns}]'.`, `input[${turns}]`, 'invalid_value')
		: turns;
}

function responseDocument({ id, created, model, fragments, usage }: Completion): JsonObject {
	const content = { type: 'output_text', annotations: [], text: fragments.join('') };
	return {
		id: `resp_${id}`,
		object: 'response',
		created_at: created,
		status: 'completed',
		error: null,
		model,
		output: [
			{
				id: `msg_${randomUUID()}`,
				type: 'message',
				status: 'completed',
				role: 'assistant',
				content: [content],
			},
		],
		usage: {
			input_tokens: usage.prompt_tokens,
			output_tokens: usage.completion_tokens,
			total_tokens: usage.total_tokens,
		},
	};
}
