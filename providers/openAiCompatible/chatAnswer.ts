import { firstVisible, isDocument, peek, readText } from '../decode/body';
import { readEventData, readPiece } from '../decode/events';
import { asObject, type JsonObject, parseJson } from '../decode/json';
import { ProviderError } from '../errors';
import { errorDetails, inBandError, isWebPage, pageError } from '../http/serviceErrors';
import type { TransportResponse } from '../Transport';
import type { ProviderChunk } from '../types';
import { completionChunks, refusalText, ToolCallIds } from './completion';

/** How long an answer that is over may take to end by itself, in ms. */
const MAX_LINGER = 100;
const MAX_COMPLETION_BYTES = 64 * 1024 * 1024;

/**
 * The answer to a chat request, streamed or, from servers that do not stream, as one completion.
 * @throws ProviderError `truncated` when a stream ends without `finish_reason` and `[DONE]`, `refused`
 * when the model declines to answer
 */
export async function readChatAnswer(
	response: TransportResponse,
): Promise<AsyncGenerator<ProviderChunk[]>> {
	const { head, all } = await peek(response.body, firstVisible());
	const source = { ...response, body: all };
	const reader = isDocument(head) ? readCompletion : readStream;
	return reader(source);
}

async function* readCompletion(response: TransportResponse): AsyncGenerator<ProviderChunk[]> {
	const body = await readText(response.body, MAX_COMPLETION_BYTES);
	if (isWebPage(body)) throw pageError(response, body);
	const parsed = parseJson(body);
	if (!parsed.ok) throw brokenJson(response, body);
	const completion = successful(parsed.value, body, response);
	failIfDeclined(refusalText(completion));
	yield [...completionChunks(completion, new ToolCallIds())];
}

async function* readStream(response: TransportResponse): AsyncGenerator<ProviderChunk[]> {
	const answer = new StreamedAnswer(response);
	const pieces = readEventData(response.body);
	for await (const events of pieces) {
		const { chunks, failure } = readPiece(events, (data) => answer.read(typeof data === 'string' ? data : data.data));
		if (chunks.length > 0) yield chunks;
		if (failure !== undefined) throw failure.error;
		if (!answer.isOver) continue;
		await linger(pieces.next(), response);
		break;
	}
	answer.finish();
}

/** Nearly every answer ends with its end mark. Reading that end costs less than to break the connection. */
async function linger(end: Promise<unknown>, response: TransportResponse): Promise<void> {
	const timer = AbortSignal.timeout(MAX_LINGER);
	const close = () => response.close();
	timer.addEventListener('abort', close);
	// What comes behind the end mark, be it an error, is no longer of the answer.
	await end.catch(() => undefined);
	timer.removeEventListener('abort', close);
}

const END_MARK = '[DONE]';

/** A streamed answer, event by event. */
export class StreamedAnswer {
	/** Whether the service has said that nothing follows. */
	isOver = false;
	private readonly ids = new ToolCallIds();
	private broken: string | undefined;
	private refusal = '';
	private finished = false;

	constructor(private readonly response: TransportResponse) {}

	/** What an event's data says. @throws ProviderError */
	*read(data: string): Generator<ProviderChunk> {
		const completion = this.completion(data);
		if (completion === undefined) return;
		this.refusal += refusalText(completion);
		for (const chunk of completionChunks(completion, this.ids)) {
			this.finished ||= chunk.type === 'finish';
			yield chunk;
		}
	}

	/** @throws ProviderError `refused` when the model declines, `truncated` when the answer broke off */
	finish(): void {
		failIfDeclined(this.refusal);
		if (this.finished || this.isOver) return;
		throw new ProviderError('truncated', 'The answer broke off', { retryable: true });
	}

	private completion(data: string): JsonObject | undefined {
		const word = data.trim();
		// Some servers send events with empty data to keep the connection open.
		if (word === '' || this.isOver) return undefined;
		// Broken JSON with more behind it is a fault of the service; at the end it is a cut stream.
		if (this.broken !== undefined) throw brokenJson(this.response, this.broken);
		if (word === END_MARK) {
			this.isOver = true;
			return undefined;
		}
		const parsed = parseJson(data);
		if (parsed.ok) return successful(parsed.value, data, this.response);
		this.broken = data;
		return undefined;
	}
}

/**
 * Passes an answer on with its model told once, and sees to it that there is one: neither text nor a
 * tool call is an error that says why.
 */
export async function* checkedAnswer(
	pieces: AsyncIterable<readonly ProviderChunk[]>,
): AsyncGenerator<ProviderChunk[]> {
	let model: string | undefined;
	let reason: string | undefined;
	let answered = false;
	const isNews = (chunk: ProviderChunk): boolean => {
		if (chunk.type === 'finish') reason = chunk.reason;
		answered ||= chunk.type === 'text' || chunk.type === 'toolCall';
		if (chunk.type !== 'model') return true;
		const isOther = chunk.model !== model;
		model = chunk.model;
		return isOther;
	};
	for await (const chunks of pieces) yield chunks.filter(isNews);
	if (!answered) throw emptyAnswer(reason);
}

function emptyAnswer(reason: string | undefined): ProviderError {
	if (reason === 'content_filter') {
		return new ProviderError('refused', "The service's content filter held the answer back");
	}
	if (reason === 'length') {
		return new ProviderError('refused', 'The token limit was used up before the answer began');
	}
	return new ProviderError('protocol', 'The service sent an empty answer');
}

/** @throws ProviderError `refused` where there are words of refusal */
export function failIfDeclined(refusal: string): void {
	if (refusal === '') return;
	throw new ProviderError('refused', 'The model declined to answer', {
		serviceMessage: refusal,
	});
}

/** The answer's object. @throws ProviderError for one that tells of an error */
export function successful(value: unknown, body: string, response: TransportResponse): JsonObject {
	const object = asObject(value);
	const error = object?.['error'];
	const failed = error !== undefined && error !== null && error !== false;
	if (object !== undefined && !failed && object['object'] !== 'error') return object;
	throw inBandError(response, body);
}

/** The error of an answer that is not JSON. */
export function brokenJson(response: TransportResponse, body: string): ProviderError {
	const details = errorDetails(response, body);
	return new ProviderError('protocol', 'The service sent broken JSON', details);
}
