import { tooLargeError } from '../errors';
import { parseJson } from './json';
import { LineDecoder, LineReader } from './lines';

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const COLON = 0x3a;
const D = 0x64;
const A = 0x61;
const T = 0x74;
const NAME_LENGTH = 'data'.length;

/** Of all data of one event, in UTF-16 code units. */
const MAX_EVENT_SIZE = 16 * 1024 * 1024;
const MIN_LINE_SIZE = 32;

/** An event that says more than its data. */
export interface NamedEvent {
	/**
	 * What the event's `event` field says; `error` also for a field of that name (`error: {…}`), and
	 * `UNFRAMED` for a line that is no field, such as bare JSON. Some servers report failures in these ways.
	 */
	name: string;
	data: string;
}

/** The data of an event. Those with a name of their own, which are rare, come with it. */
export type StreamEvent = string | NamedEvent;

/** The name given to a line that is no field of an event stream. */
export const UNFRAMED = '';
/** Fields of an event stream that say nothing about an answer. */
const IGNORED_FIELDS = new Set(['id', 'retry']);

/**
 * Bytes to the data of each event of an event stream (WHATWG HTML, 9.2.6): its `data` lines joined with
 * line breaks. Other fields and comments are passed over.
 */
export class EventDecoder extends LineReader<StreamEvent> {
	/** Of the event under way. */
	private data: string[] = [];
	/** What its data takes, in UTF-16 code units; each line takes some memory, however short. */
	private size = 0;
	private name = '';

	/** A last event that no empty line ends is given out too; whether it is whole shows in its data. */
	override finish(): StreamEvent[] {
		const events = super.finish();
		this.endEvent(events);
		return events;
	}

	protected readLines(text: string, events: StreamEvent[]): void {
		let start = 0;
		for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
			if (end === start) this.endEvent(events);
			else if (isData(text, start)) {
				const value = valueOf(text, start, end);
				const isAlone = this.data.length === 0 && text.charCodeAt(end + 1) === LINE_FEED;
				if (!isAlone || this.name !== '') this.addData(value, events);
				else {
					// One data line and an empty one, as nearly all events are.
					events.push(value);
					end++;
				}
			} else this.readOther(text.slice(start, end), events);
			start = end + 1;
		}
	}

	private readOther(line: string, events: StreamEvent[]): void {
		const field = parseField(line);
		if (field === undefined || IGNORED_FIELDS.has(field.name)) return;
		if (field.name === 'event') this.name = field.value === 'message' ? '' : field.value;
		else if (field.name === 'error') events.push({ name: 'error', data: field.value });
		else events.push({ name: UNFRAMED, data: line });
	}

	/**
	 * Some servers put a single line feed between events. A document that is complete is an event of its own
	 * when another follows it.
	 */
	private addData(value: string, events: StreamEvent[]): void {
		const [first = ''] = this.data;
		const isNext = this.data.length === 1 && this.name === '' && begins(value) && isWhole(first);
		if (isNext) this.endEvent(events);
		this.data.push(value);
		this.size += value.length + MIN_LINE_SIZE;
		if (this.size > MAX_EVENT_SIZE) {
			throw tooLargeError('An event of the answer', MAX_EVENT_SIZE);
		}
	}

	private endEvent(events: StreamEvent[]): void {
		const { data, name } = this;
		this.name = '';
		this.size = 0;
		if (data.length === 0) return;
		this.data = [];
		const joined = data.join('\n');
		events.push(name === '' ? joined : { name, data: joined });
	}
}

/** Whether a line of data begins a document, or marks the end of a stream. */
function begins(value: string): boolean {
	return value.startsWith('{') || value.startsWith('[DONE]');
}

function isWhole(value: string): boolean {
	return value.startsWith('{') && value.trimEnd().endsWith('}') && parseJson(value).ok;
}

/** Whether the field of the line that begins here is `data`. By characters: twice as fast as startsWith. */
function isData(text: string, start: number): boolean {
	if (text.charCodeAt(start) !== D || text.charCodeAt(start + 1) !== A) return false;
	if (text.charCodeAt(start + 2) !== T || text.charCodeAt(start + 3) !== A) return false;
	const next = text.charCodeAt(start + NAME_LENGTH);
	return next === COLON || next === LINE_FEED;
}

/** What stands behind the colon; exactly one space there belongs to the framing. */
function valueOf(text: string, start: number, end: number): string {
	const colon = start + NAME_LENGTH;
	return text.slice(text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, end);
}

/** One field of an event stream. */
export interface Field {
	name: string;
	value: string;
}

/**
 * A line of an event stream as a field (WHATWG HTML, 9.2.6); undefined for a comment or an empty line.
 * Exactly one space behind the colon belongs to the framing.
 */
export function parseField(line: string): Field | undefined {
	const colon = line.indexOf(':');
	if (line === '' || colon === 0) return undefined;
	if (colon < 0) return { name: line, value: '' };
	const start = line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1;
	return { name: line.slice(0, colon), value: line.slice(start) };
}

interface Decoder<Part> {
	push(bytes: Uint8Array): readonly Part[];
	finish(): readonly Part[];
}

/**
 * The lines of a body as they arrive: those that a piece of it completes, together. What stands behind
 * the last line end is a line too.
 */
export function readLines(
	body: AsyncIterable<Uint8Array>,
	maxLineBytes?: number,
): AsyncGenerator<readonly string[]> {
	return decode(body, new LineDecoder(maxLineBytes));
}

/** The data of the events of a body as they arrive: those that a piece of it completes, together. */
export function readEventData(
	body: AsyncIterable<Uint8Array>,
	maxLineBytes?: number,
): AsyncGenerator<readonly StreamEvent[]> {
	return decode(body, new EventDecoder(maxLineBytes));
}

// Together, because a turn of an asynchronous loop takes longer than to decode an event.
async function* decode<Part>(
	body: AsyncIterable<Uint8Array>,
	decoder: Decoder<Part>,
): AsyncGenerator<readonly Part[]> {
	for await (const bytes of body) {
		const decoded = decoder.push(bytes);
		if (decoded.length > 0) yield decoded;
	}
	const last = decoder.finish();
	if (last.length > 0) yield last;
}

/** What one piece of a body brought. */
export interface PieceResult<Chunk> {
	chunks: Chunk[];
	/** Why it could not be read to its end. What came before counts all the same. */
	failure?: { error: unknown };
}

/** Reads all parts of a piece at once. Never throws. */
export function readPiece<Part, Chunk>(
	parts: readonly Part[],
	read: (part: Part) => Iterable<Chunk>,
): PieceResult<Chunk> {
	const chunks: Chunk[] = [];
	try {
		for (const part of parts) {
			for (const chunk of read(part)) chunks.push(chunk);
		}
	} catch (error) {
		return { chunks, failure: { error } };
	}
	return { chunks };
}
