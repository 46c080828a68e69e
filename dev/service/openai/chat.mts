import type { Exchange } from '../exchange.mts';
import { alterAnswer } from '../faults/answerFaults.mts';
import { refusedField } from '../faults/serverHabits.mts';
import { prepareAnswer, promptOf, withoutDirectives } from '../respond.mts';
import type { Turn } from '../text/conversation.mts';
import { streamAnswer } from '../wire/streamAnswer.mts';
import { sendJson } from '../wire/whole.mts';
import { chatDocument } from './chatDocument.mts';
import { chatStream } from './chatStream.mts';
import { completeChat } from './completion.mts';
import { badRequest, findFailure, type Failure } from './failure.mts';
import { readMessages } from './messages.mts';

type JsonObject = Record<string, unknown>;

export async function answerChatCompletion(exchange: Exchange): Promise<void> {
	const turns = readTurns(exchange.body);
	if (!Array.isArray(turns)) {
		await sendJson(exchange, turns.status, turns.error);
		return;
	}
	if (!(await prepareAnswer(exchange, promptOf(turns)))) return;
	const body = exchange.body as JsonObject;
	const refused = refusedField(exchange.directives, body);
	if (refused) await sendJson(exchange, 400, refused);
	else await answer(exchange, body, withoutDirectives(turns));
}

function readTurns(body: unknown): Turn[] | Failure {
	const failure = findFailure(body, ['model', 'messages']);
	if (failure) return failure;
	const { messages } = body as JsonObject;
	if (!Array.isArray(messages) || messages.length === 0) {
		return badRequest("'messages' must be a list that is not empty.", 'messages', 'invalid_type');
	}
	const turns = readMessages(messages);
	if (typeof turns !== 'number') return turns;
	const param = `messages[${turns}].role`;
	return badRequest(`Invalid value for '${param}'.`, param, 'invalid_value');
}

async function answer(exchange: Exchange, body: JsonObject, turns: Turn[]): Promise<void> {
	const { directives } = exchange;
	const completion = completeChat(body, turns, directives);
	const wholeFault = directives.has('error-200') || directives.has('array-error');
	if (body['stream'] !== true || wholeFault) {
		await sendJson(exchange, 200, alterAnswer(directives, chatDocument(completion)));
		return;
	}
	const options = body['stream_options'] as { include_usage?: boolean } | undefined;
	const includeUsage = options?.include_usage === true;
	await streamAnswer(exchange, chatStream(completion, directives, includeUsage));
}
