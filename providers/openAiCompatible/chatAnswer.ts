import { firstVisible, isDocument, peek, readText } from '../decode/body';
import { type NamedEvent, readEventData, type StreamEvent, UNFRAMED } from '../decode/events';
import { type JsonObject, parseJson } from '../decode/json';
import { ProviderError, toProviderError } from '../errors';
import { isWebPage, pageError } from '../http/serviceErrors';
import type { TransportResponse } from '../Transport';
import type { ProviderChunk } from '../types';
import {
	brokenJson,
	declined,
	emptyAnswer,
	eventError,
	failedAnswer,
	isErrorLine,
	noChoice,
	noEvents,
	successful,
} from './answerErrors';
import { CompletionReader } from './completion';

/** How long the connection of an answer that is over may take to end by itself, in ms. */
const MAX_LINGER = 100;
/** How long to wait for what follows the `finish_reason` (usage, `[DONE]`), in ms. */
const MAX_WAIT_FOR_END = 1000;
/** The same where text came along: a few servers send a reason with every piece of text. */
const MAX_WAIT_AFTER_TEXT = 10_000;
/** How many pieces without news are read after the end. */
const MAX_PIECES_WITHOUT_NEWS = 10;
/** Of a body that is no stream at all, how much is quoted, in UTF-16 code units. */
const MAX_QUOTE = 1000;

/** How an answer is read. */
export interface ReadSettings {
	/** What images are made from. */
	prompt?: string | undefined;
	/** The largest answer to take, in bytes. */
	maxAnswerSize?: number | undefined;
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
	const body = await readText(response.body, 2 * maxAnswerSize + MAX_QUOTE);
	if (isWebPage(body)) throw pageError(response, body);
	const parsed = parseJson(body);
	if (!parsed.ok) throw brokenJson(response, body);
	const reader = new CompletionReader(response.headers, prompt);
	const chunks: ProviderChunk[] = [];
	reader.read(successful(parsed.value, body, response), chunks);
	if (reader.failure === undefined) {
		if (reader.refusal !== '') throw declined(reader.refusal);
		reader.finish(chunks);
		if (!hasAnswer(reader)) throw noChoice(response, body);
	}
	yield chunks;
	if (reader.failure !== undefined) throw failedAnswer(response, reader.failure);
}

async function* readStream(
	response: TransportResponse,
	{ prompt = '' }: ReadSettings,
): AsyncGenerator<ProviderChunk[]> {
	const answer = new StreamedAnswer(response, prompt);
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

const END_MARK = '[DONE]';
const ERROR_NAME = /(^|[._-])error$/i;

/** A streamed answer, event by event. */
export class StreamedAnswer {
	private readonly reader: CompletionReader;
	private hasEndMark = false;
	private hasEvents = false;
	private broken: string | undefined;
	/** Lines that belong to no event: all that an answer in plain text holds. */
	private stray = '';
	/** The first event that brought nothing: what came in place of an answer. */
	private unread = '';
	private endedWithText = false;
	/** Its `finish_reason` does not mean the end. */
	private goesOnAfterEnd = false;
	private piecesWithoutNews = 0;

	constructor(
		private readonly response: TransportResponse,
		prompt = '',
	) {
		this.reader = new CompletionReader(response.headers, prompt);
	}

	/** How long to wait for more, in ms; undefined while the answer is under way. */
	get patience(): number | undefined {
		if (this.hasEndMark) return MAX_LINGER;
		if (!this.isWhole) return undefined;
		if (this.piecesWithoutNews > MAX_PIECES_WITHOUT_NEWS) return 0;
		return this.endedWithText ? MAX_WAIT_AFTER_TEXT : MAX_WAIT_FOR_END;
	}

	/** Whether the answer is there, though the connection failed. */
	survives({ kind }: ProviderError): boolean {
		return this.isWhole && kind !== 'aborted';
	}

	/** Appends what the events say. @returns why they could not be read to their end */
	readAll(events: readonly StreamEvent[], chunks: ProviderChunk[]): unknown {
		try {
			for (const event of events) this.read(event, chunks);
		} catch (error) {
			if (!this.isWhole) return error ?? new ProviderError('protocol', 'The answer is unreadable');
		}
		this.piecesWithoutNews = chunks.length > 0 ? 0 : this.piecesWithoutNews + 1;
		return undefined;
	}

	/**
	 * Appends what is known only at the end.
	 * @throws ProviderError `refused` when the model declines, `truncated` when the answer broke off
	 */
	finish(chunks: ProviderChunk[]): void {
		const { reader, response } = this;
		if (reader.refusal !== '') throw declined(reader.refusal);
		if (!this.hasEvents && this.stray !== '') throw noEvents(response, this.stray);
		if (reader.finishReason === undefined && !this.hasEndMark) {
			throw new ProviderError('truncated', 'The answer broke off', { retryable: true });
		}
		reader.finish(chunks);
		if (!hasAnswer(reader)) throw noChoice(response, this.unread);
	}

	private get isWhole(): boolean {
		const hasReason = this.reader.finishReason !== undefined && !this.goesOnAfterEnd;
		return this.hasEndMark || hasReason;
	}

	private read(event: StreamEvent, chunks: ProviderChunk[]): void {
		if (this.hasEndMark) return;
		if (typeof event === 'string') this.readData(event, chunks);
		else this.readNamed(event, chunks);
	}

	private readNamed({ name, data }: NamedEvent, chunks: ProviderChunk[]): void {
		if (name === UNFRAMED) {
			if (isErrorLine(data)) throw eventError(this.response, data);
			if (this.stray.length < MAX_QUOTE) this.stray += `${data.slice(0, MAX_QUOTE)}\n`;
		} else if (ERROR_NAME.test(name)) throw eventError(this.response, data);
		// Such as a ping, whose data is anything.
		else if (parseJson(data).ok) this.readData(data, chunks);
	}

	private readData(data: string, chunks: ProviderChunk[]): void {
		const completion = this.completionIn(data);
		if (completion === undefined) return;
		const before = chunks.length;
		const wasWhole = this.isWhole;
		this.reader.read(completion, chunks);
		if (chunks.length === before && this.unread === '') this.unread = data.slice(0, MAX_QUOTE);
		const { failure } = this.reader;
		if (failure !== undefined) throw failedAnswer(this.response, failure);
		if (!wasWhole && !this.isWhole) return;
		this.endedWithText = chunks.slice(before).some(({ type }) => type === 'text');
		this.goesOnAfterEnd ||= wasWhole && this.endedWithText;
	}

	private completionIn(data: string): JsonObject | undefined {
		const trimmed = data.trim();
		// Some servers send events with empty data to keep the connection open.
		if (trimmed === '') return undefined;
		this.hasEvents = true;
		// Broken JSON with more after it is a fault of the service; at the end it is a cut stream.
		if (this.broken !== undefined) throw brokenJson(this.response, this.broken);
		if (trimmed === END_MARK) {
			this.hasEndMark = true;
			return undefined;
		}
		const parsed = parseJson(data);
		if (parsed.ok) return successful(parsed.value, data, this.response);
		this.broken = data;
		return undefined;
	}
}

function hasAnswer({ brought, finishReason }: CompletionReader): boolean {
	if (finishReason !== undefined) return true;
	return ['text', 'reasoning', 'toolCall', 'image'].some((type) =>
		brought.has(type as ProviderChunk['type']),
	);
}

/**
 * Passes an answer on, and sees to it that there is one: neither text nor a tool call nor an image is an
 * error that says why.
 */
export async function* checkedAnswer(
	pieces: AsyncIterable<readonly ProviderChunk[]>,
): AsyncGenerator<readonly ProviderChunk[]> {
	let reason: string | undefined;
	let isAnswered = false;
	const reasoning: string[] = [];
	for await (const chunks of pieces) {
		for (const chunk of chunks) {
			if (chunk.type === 'finish') ({ reason } = chunk);
			else if (chunk.type === 'reasoning' && !isAnswered) reasoning.push(chunk.text);
			isAnswered ||= ['text', 'toolCall', 'image'].includes(chunk.type);
		}
		yield chunks;
	}
	if (!isAnswered) throw emptyAnswer(reason, reasoning.join(''));
}
