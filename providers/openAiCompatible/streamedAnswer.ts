import { type NamedEvent, type StreamEvent, UNFRAMED } from '../decode/events';
import { type JsonObject, parseJson } from '../decode/json';
import { ProviderError } from '../errors';
import { inBandError, unexpected } from '../http/serviceErrors';
import type { TransportResponse } from '../Transport';
import type { ProviderChunk } from '../types';
import { declined, failedAnswer, isErrorLine, noChoice, successful } from './answerErrors';
import { CompletionReader, MAX_REFUSAL_LENGTH } from './completion';

/** How long the connection of an answer that is over may take to end by itself, in ms. */
const MAX_LINGER = 100;
/** How long to wait for what follows the `finish_reason` (usage, `[DONE]`), in ms. */
const MAX_WAIT_FOR_END = 1000;
/** The same where text came along: a few servers send a reason with every piece of text. */
const MAX_WAIT_AFTER_TEXT = 5000;
/** How many pieces without news are read after the end. */
const MAX_PIECES_WITHOUT_NEWS = 10;
/** How much is quoted of a body that is not an event stream, in UTF-16 code units. */
const MAX_QUOTE = 1000;

const NO_REASON = 'The server did not say why the answer ended: it may be incomplete';

const END_MARK = '[DONE]';
const ERROR_NAME = /(^|[._-])error$/i;

/** What is known of how a server ends its answers; kept for all requests of a run. */
export interface EndHabits {
	/** Whether it has sent a `finish_reason`. */
	tellsReason: boolean;
}

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
		private readonly habits: EndHabits = { tellsReason: false },
	) {
		this.reader = new CompletionReader(response.headers, prompt);
	}

	/** How long to wait for more, in ms; undefined until the answer has ended. */
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
		if (!this.hasEvents && this.stray !== '') {
			throw unexpected('The service answered with plain text', response, this.stray);
		}
		if (reader.finishReason === undefined && !this.hasEndMark) {
			throw new ProviderError('truncated', 'The answer broke off', { retryable: true });
		}
		this.checkEnd(chunks);
		reader.finish(chunks);
		if (!reader.hasAnswer) throw noChoice(response, this.unread);
	}

	/**
	 * An end mark alone ends an answer, as some servers never say why one ended. A server that does say it
	 * otherwise has interrupted this one: llama-cpp-python does so when the next request comes.
	 */
	private checkEnd(chunks: ProviderChunk[]): void {
		if (this.reader.finishReason !== undefined) {
			this.habits.tellsReason = true;
			return;
		}
		if (this.habits.tellsReason) {
			throw new ProviderError('truncated', 'The server interrupted the answer', {
				explanation: "Set 'Requests in Parallel' to 1: it may answer one request at a time.",
			});
		}
		chunks.push({ type: 'note', text: NO_REASON });
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
			if (isErrorLine(data)) throw inBandError(this.response, data);
			if (this.stray.length < MAX_QUOTE) this.stray += `${data.slice(0, MAX_QUOTE)}\n`;
		} else if (ERROR_NAME.test(name)) throw inBandError(this.response, data);
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
		const { refusal } = this.reader;
		if (refusal.length > MAX_REFUSAL_LENGTH) throw declined(refusal);
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
		if (this.broken !== undefined) {
			throw unexpected('The service sent broken JSON', this.response, this.broken);
		}
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
