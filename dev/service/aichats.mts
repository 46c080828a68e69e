import type { FastifyInstance } from 'fastify';

import { type Exchange, route, type ServiceContext } from './exchange.mts';
import { alterAnswer, answerFaults } from './faults/answers.mts';
import { sendCaptcha } from './faults/http.mts';
import { numbered, readImage } from './images/image.mts';
import { imageLink } from './images/routes.mts';
import { prepareAnswer, promptOf, withoutDirectives } from './respond.mts';
import {
	type Role,
	shapeFragments,
	shapeText,
	toConversation,
	type Turn,
	unfold,
} from './text.mts';
import { sendJson, streamAnswer } from './wire/send.mts';

export interface AiChatsRequest {
	type: 'chat' | 'image';
	turns: Turn[];
}

const roles: Record<string, Role> = {
	you: 'user',
	user: 'user',
	ai: 'assistant',
	chatGPT: 'assistant',
	assistant: 'assistant',
	system: 'system',
};

/** @returns the request, or a description of what is wrong with it. */
export function readAiChatsRequest(contentType: string, body: unknown): AiChatsRequest | string {
	if (!/^application\/json\b/i.test(contentType)) return 'content-type must be application/json';
	if (typeof body !== 'object' || body === null) return 'the body must be a JSON object';
	const { type, messagesHistory } = body as Record<string, unknown>;
	if (type !== 'chat' && type !== 'image') return 'type must be "chat" or "image"';
	if (!Array.isArray(messagesHistory)) return 'messagesHistory must be a list';
	const turns = messagesHistory.map(toTurn);
	const wrong = turns.findIndex((turn) => turn === undefined);
	if (wrong >= 0) return `messagesHistory[${wrong}] must have from and content`;
	return { type, turns: unfoldSingle(turns.filter((turn) => turn !== undefined)) };
}

function toTurn(message: unknown): Turn | undefined {
	if (typeof message !== 'object' || message === null) return undefined;
	const { from, content } = message as Record<string, unknown>;
	const role = typeof from === 'string' ? roles[from] : undefined;
	return role && typeof content === 'string' ? { role, text: content } : undefined;
}

function unfoldSingle(turns: Turn[]): Turn[] {
	const [only] = turns;
	return turns.length === 1 && only ? unfold(only.text) : turns;
}

/** Streams the answer's text, one fragment per `data:` line. */
export async function answerChat(exchange: Exchange, turns: Turn[]): Promise<void> {
	const { directives } = exchange;
	if (directives.firstIn(answerFaults)) {
		await sendJson(exchange, 200, alterAnswer(directives, { data: [] }));
		return;
	}
	const text = shapeText(toConversation(withoutDirectives(turns)), directives);
	const fragments = directives.has('split-newline')
		? splitAtEscapes(text)
		: shapeFragments(text, directives).map(escapeLineBreaks);
	const ending = directives.has('done') ? ['[DONE]'] : [];
	const encode = escapeLineBreaks;
	await streamAnswer(exchange, { protocol: 'aichats', opening: [], fragments, ending, encode });
}

function escapeLineBreaks(text: string): string {
	return text.replace(/\r?\n/g, String.raw`\n`);
}

function splitAtEscapes(text: string): string[] {
	return escapeLineBreaks(text).split(/(?<=\\)(?=n)|(?<=\\n)/);
}

/** Answers with the URL of an image that shows the prompt. */
export async function answerImage(exchange: Exchange, turns: Turn[]): Promise<void> {
	const prompt = withoutDirectives(turns).at(-1)?.text ?? '';
	const image = readImage(exchange.directives, { prompt });
	const count = exchange.directives.number('images', 'count') ?? 1;
	const data = await Promise.all(
		Array.from({ length: count }, async (_, index) => ({
			url: await imageLink(exchange, numbered(image, index, count)),
		})),
	);
	await sendJson(exchange, 200, alterAnswer(exchange.directives, { data }));
}

export function registerAiChatsRoutes(app: FastifyInstance, service: ServiceContext): void {
	app.post('/chat/send2', route(service, answer));
}

async function answer(exchange: Exchange): Promise<void> {
	const { headers, origin } = exchange.record;
	const { cookie } = exchange.service.options;
	if (cookie && origin === 'service' && headers.cookie !== cookie) {
		await sendCaptcha(exchange);
		return;
	}
	const request = readAiChatsRequest(headers['content-type'] ?? '', exchange.body);
	if (typeof request === 'string') {
		await sendJson(exchange, 400, { error: request });
		return;
	}
	if (!(await prepareAnswer(exchange, promptOf(request.turns)))) return;
	await (request.type === 'chat' ? answerChat : answerImage)(exchange, request.turns);
}
