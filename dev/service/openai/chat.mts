import type { Directives } from '../directives.mts';
import type { Exchange } from '../exchange.mts';
import { alterAnswer, markedText, refusedField } from '../faults/answers.mts';
import { prepareAnswer, promptOf, withoutDirectives } from '../respond.mts';
import type { Turn } from '../text.mts';
import type { StreamRecipe } from '../wire/answerStream.mts';
import { sendJson, streamAnswer } from '../wire/send.mts';
import { completeChat, type Completion, countTokens, readMessages } from './completion.mts';
import { draw, wrongModalities } from './drawing.mts';
import { badRequest, type Failure, findFailure } from './errors.mts';
import { isOnlyInResponses, onlyInResponses } from './responses.mts';
import type { ToolCall } from './structured.mts';

/** The answer as one JSON document. */
export function chatDocument(
	completion: Completion,
	directives: Directives,
): Record<string, unknown> {
	const { id, created, model, finishReason, usage } = completion;
	return {
		id,
		object: 'chat.completion',
		created,
		model,
		system_fingerprint: 'fp_stand_in',
		choices: [
			{
				index: 0,
				message: messageOf(completion, directives),
				logprobs: null,
				finish_reason: finishReason,
			},
		],
		usage,
		...foundBeside(completion, directives),
	};
}

/** Sources as Perplexity names them, beside the choices; elsewhere they are notes on the message. */
function foundBeside({ annotations }: Completion, directives: Directives): Chunk {
	const found = annotations.map(({ url_citation: source }) => source as { url: string });
	const where = directives.text('sources', 'where');
	if (found.length === 0) return {};
	if (where === 'citations') return { citations: found.map(({ url }) => url) };
	return where === 'search_results' ? { search_results: found } : {};
}

/** Sources as OpenAI and OpenRouter name them. */
function notesOf(completion: Completion, directives: Directives): Delta {
	const { annotations } = completion;
	const isElsewhere = Object.keys(foundBeside(completion, directives)).length > 0;
	return annotations.length === 0 || isElsewhere ? {} : { annotations };
}

function messageOf(completion: Completion, directives: Directives) {
	const { fragments, refuses, toolCalls, reasoning } = completion;
	const text = fragments.join('');
	return {
		role: 'assistant',
		content: refuses || toolCalls.length ? null : text,
		refusal: refuses ? text : null,
		...(reasoning.length ? { reasoning_content: reasoning.join('') } : {}),
		...(toolCalls.length ? { tool_calls: toolCalls } : {}),
		...notesOf(completion, directives),
		...imagesOf(completion, directives),
	};
}

/** As OpenRouter sends them, or as parts of the content beside the text. */
function imagesOf({ images, fragments }: Completion, directives: Directives): Delta {
	if (images.length === 0) return {};
	const parts = images.map((url) => ({ type: 'image_url', image_url: { url } }));
	if (directives.text('place', 'where') !== 'content') return { images: parts };
	return { content: [{ type: 'text', text: fragments.join('') }, ...parts] };
}

type Delta = Record<string, unknown>;
type Chunk = Record<string, unknown>;

const argumentCharacters = 8;

/** The answer as chunks. */
export function chatStream(
	completion: Completion,
	directives: Directives,
	includeUsage: boolean,
): StreamRecipe {
	const encodeDelta = (delta: Delta, finishReason: string | null = null): string =>
		write(completion, directives, includeUsage, {
			choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
		});
	return {
		protocol: 'openai',
		opening: [encodeDelta({ role: 'assistant', content: completion.toolCalls.length ? null : '' })],
		fragments: deltasOf(completion, directives).map((delta) => encodeDelta(delta)),
		ending: endingOf(completion, directives, includeUsage, encodeDelta),
		encode: (content) => encodeDelta({ content }),
	};
}

function write(
	{ id, created, model }: Completion,
	directives: Directives,
	includeUsage: boolean,
	rest: Chunk,
): string {
	const chunk = {
		id,
		object: 'chat.completion.chunk',
		created,
		model,
		system_fingerprint: 'fp_stand_in',
		...(includeUsage ? { usage: null } : {}),
		...rest,
	};
	const spoilt = directives.has('no-choices') || directives.has('empty-choices');
	return JSON.stringify(spoilt ? alterAnswer(directives, chunk) : chunk);
}

function deltasOf(completion: Completion, directives: Directives): Delta[] {
	const { reasoning, refuses, fragments, toolCalls } = completion;
	const drawn = imagesOf(completion, directives);
	const notes = notesOf(completion, directives);
	// With the text among the parts.
	if ('content' in drawn) return [drawn];
	return [
		...reasoning.map((text) => ({ reasoning_content: text })),
		...fragments.map((text) => (refuses ? { refusal: text } : { content: text })),
		...toolCalls.flatMap(toolCallDeltas),
		...(Object.keys(notes).length ? [notes] : []),
		...(Object.keys(drawn).length ? [drawn] : []),
	];
}

// The first names the call, the others bring its arguments piece by piece.
function toolCallDeltas(call: ToolCall, index: number): Delta[] {
	const { name, arguments: text } = call.function;
	const first = { index, id: call.id, type: call.type, function: { name, arguments: '' } };
	const pieces = text.match(new RegExp(`.{1,${argumentCharacters}}`, 'gsu')) ?? [];
	const rest = pieces.map((piece) => ({ index, function: { arguments: piece } }));
	return [first, ...rest].map((delta) => ({ tool_calls: [delta] }));
}

function endingOf(
	completion: Completion,
	directives: Directives,
	includeUsage: boolean,
	encodeDelta: (delta: Delta, finishReason: string) => string,
): string[] {
	if (directives.has('no-finish')) return [];
	const ending = [encodeDelta({}, completion.finishReason)];
	if (includeUsage && !directives.has('no-usage')) {
		const { usage } = completion;
		const last = { choices: [], usage, ...foundBeside(completion, directives) };
		ending.push(write(completion, directives, includeUsage, last));
	}
	return directives.has('no-done') ? ending : [...ending, '[DONE]'];
}

type JsonObject = Record<string, unknown>;

export async function answerChatCompletion(exchange: Exchange): Promise<void> {
	const turns = readTurns(exchange.body);
	if (!Array.isArray(turns)) {
		await sendJson(exchange, turns.status, turns.error);
		return;
	}
	const body = exchange.body as JsonObject;
	if (isOnlyInResponses(body['model'])) {
		await sendJson(exchange, onlyInResponses.status, onlyInResponses.error);
		return;
	}
	const marked = markedText(body['messages']);
	// Only what was cached when the request came is read from the cache.
	const isCached = marked !== undefined && exchange.service.promptCache.has(marked);
	if (!(await prepareAnswer(exchange, promptOf(turns)))) return;
	const refused = refusedField(exchange.directives, body);
	const wrong = wrongModalities(body);
	if (refused) await sendJson(exchange, 400, refused);
	else if (wrong) await sendJson(exchange, wrong.status, wrong.error);
	else
		await answer(exchange, body, withoutDirectives(turns), cacheUsage(exchange, marked, isCached));
}

/** An answer that begins has its prompt cached. */
function cacheUsage({ service }: Exchange, marked: string | undefined, isCached: boolean) {
	if (marked === undefined) return undefined;
	service.promptCache.add(marked);
	const tokens = countTokens(marked);
	return isCached ? { cached_tokens: tokens } : { cached_tokens: 0, cache_write_tokens: tokens };
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

async function answer(
	exchange: Exchange,
	body: JsonObject,
	turns: Turn[],
	cache: Completion['usage']['prompt_tokens_details'] | undefined,
): Promise<void> {
	const { directives } = exchange;
	const drawing = await draw(exchange, body, turns);
	const completion = completeChat(body, turns, directives, drawing);
	if (cache !== undefined) completion.usage.prompt_tokens_details = cache;
	const wholeFault = directives.has('error-200') || directives.has('array-error');
	if (body['stream'] !== true || wholeFault) {
		await sendJson(exchange, 200, alterAnswer(directives, chatDocument(completion, directives)));
		return;
	}
	const options = body['stream_options'] as { include_usage?: boolean } | undefined;
	const includeUsage = options?.include_usage === true;
	const isWhole = await streamAnswer(exchange, chatStream(completion, directives, includeUsage));
	const isTold = includeUsage && !directives.has('no-usage') && !directives.has('no-finish');
	if (isWhole && isTold) exchange.record.usage = completion.usage;
}
