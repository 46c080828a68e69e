import { firstVisible, isDocument, peek, readText } from '../decode/body';
import { readEventData, type StreamEvent } from '../decode/events';
import { toProviderError } from '../errors';
import { jsonOf } from '../http/serviceErrors';
import type { TransportResponse } from '../Transport';
import type { ProviderChunk } from '../types';
import { declined, failedAnswer, noChoice, successful } from './answerErrors';
import { CompletionReader } from './completion';
import { type EndHabits, StreamedAnswer } from './streamedAnswer';

/** What a completion takes besides its text, in bytes. */
const MAX_FRAME_BYTES = 64 * 1024;

/** How an answer is read. */
export interface ReadSettings {
	/** What images are made from. */
	prompt?: string | undefined;
	/** The largest answer to take, in bytes. */
	maxAnswerSize?: number | undefined;
	/** What earlier answers have shown; this one adds to it. */
	habits?: EndHabits;
}

/**
 * The answer to a chat request, streamed or, from servers that do not stream, as one completion.
 * @throws ProviderError `truncated` when a stream ends without `finish_reason` and `[DONE]`, `refused`
 * when the model declines to answer
 */
export async function readChatAnswer(
	response: TransportResponse,
	settings: ReadSettings = {},
): Promise<AsyncGenerator<ProviderChunk[]>> {
	const { head, all } = await peek(response.body, firstVisible());
	const source = { ...response, body: all };
	return isDocument(head) ? readCompletion(source, settings) : readStream(source, settings);
}

async function* readCompletion(
	response: TransportResponse,
	{ prompt = '', maxAnswerSize = Infinity }: ReadSettings,
): AsyncGenerator<ProviderChunk[]> {
	// In JSON a text may take twice its bytes, as escapes.
	const body = await readText(response.body, 2 * maxAnswerSize + MAX_FRAME_BYTES, {
		contentType: response.headers['content-type'],
		isStrict: true,
	});
	const completion = successful(jsonOf(response, body), body, response);
	const reader = new CompletionReader(response.headers, prompt);
	const chunks: ProviderChunk[] = [];
	reader.read(completion, chunks);
	if (reader.failure === undefined) {
		if (reader.refusal !== '') throw declined(reader.refusal);
		reader.finish(chunks);
		if (!reader.hasAnswer) throw noChoice(response, body);
	}
	yield chunks;
	if (reader.failure !== undefined) throw failedAnswer(response, reader.failure);
}

async function* readStream(
	response: TransportResponse,
	{ prompt = '', habits }: ReadSettings,
): AsyncGenerator<ProviderChunk[]> {
	const answer = new StreamedAnswer(response, prompt, habits);
	const pieces = readEventData(response.body);
	try {
		for (;;) {
			const events = await nextPiece(pieces, answer);
			if (events === undefined) break;
			const chunks: ProviderChunk[] = [];
			const failure = answer.readAll(events, chunks);
			if (chunks.length > 0) yield chunks;
			if (failure !== undefined) throw toProviderError(failure);
		}
	} finally {
		response.close();
		// Not waited for: it ends when the connection is closed.
		pieces.return(undefined).catch(() => undefined);
	}
	const last: ProviderChunk[] = [];
	answer.finish(last);
	if (last.length > 0) yield last;
}

/** The next events; undefined where none follow, or none soon enough after the end of the answer. */
async function nextPiece(
	pieces: AsyncGenerator<readonly StreamEvent[]>,
	answer: StreamedAnswer,
): Promise<readonly StreamEvent[] | undefined> {
	const { patience } = answer;
	try {
		const next = pieces.next();
		const result = patience === undefined ? await next : await within(next, patience);
		return result === undefined || result.done === true ? undefined : result.value;
	} catch (error) {
		if (answer.survives(toProviderError(error))) return undefined;
		throw toProviderError(error);
	}
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
	const timer = AbortSignal.timeout(ms);
	const timeUp = new Promise<undefined>((resolve) => {
		timer.addEventListener('abort', () => resolve(undefined), { once: true });
	});
	return await Promise.race([promise, timeUp]);
}
