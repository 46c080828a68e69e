import { tooLargeError } from '../errors';

const MIN_CAPACITY = 1024;
/** Larger memory is given back as soon as its bytes are taken. */
const MAX_KEPT_BYTES = 64 * 1024;

/** Bytes that are put together piece by piece, in memory that doubles when it is full. */
export class ByteBuffer {
	private memory = new Uint8Array(MIN_CAPACITY);
	private end = 0;

	get length(): number {
		return this.end;
	}

	append(bytes: Uint8Array): void {
		const end = this.end + bytes.length;
		if (end > this.memory.length) this.grow(end);
		// One alone is what a stream that is cut byte by byte brings; `set` takes far longer for it.
		if (bytes.length === 1) this.memory[this.end] = bytes[0] ?? 0;
		else this.memory.set(bytes, this.end);
		this.end = end;
	}

	/** Takes all bytes out. What is given holds until the next `append`. */
	take(): Uint8Array {
		const taken = this.memory.subarray(0, this.end);
		if (this.memory.length > MAX_KEPT_BYTES) this.memory = new Uint8Array(MIN_CAPACITY);
		this.end = 0;
		return taken;
	}

	private grow(needed: number): void {
		const grown = new Uint8Array(Math.max(needed, 2 * this.memory.length));
		grown.set(this.memory.subarray(0, this.end));
		this.memory = grown;
	}
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * How far is looked byte by byte. Most chunks are short or have a line end near their own: to call native
 * code, which would look through all of a chunk for a CR, costs more.
 */
const NEAR = 512;

/** Behind the last LF or CR of some bytes; 0 if there is none. */
export function endOfLastLine(bytes: Uint8Array): number {
	const near = Math.max(0, bytes.length - NEAR);
	for (let end = bytes.length; end > near; end--) {
		if (isLineEnd(bytes[end - 1] ?? 0)) return end;
	}
	if (near === 0) return 0;
	const rest = Buffer.from(bytes.buffer, bytes.byteOffset, near);
	return Math.max(rest.lastIndexOf(LINE_FEED), rest.lastIndexOf(CARRIAGE_RETURN)) + 1;
}

/** Behind the first LF or CR of some bytes; 0 if there is none. */
export function endOfFirstLine(bytes: Uint8Array): number {
	for (let index = 0; index < bytes.length; index++) {
		if (isLineEnd(bytes[index] ?? 0)) return index + 1;
	}
	return 0;
}

function isLineEnd(byte: number): boolean {
	return byte === LINE_FEED || byte === CARRIAGE_RETURN;
}

const LINE_ENDS = /\r\n?/g;
/** For all the pieces that complete no line. */
const NOTHING: readonly never[] = [];

/**
 * Bytes to what their lines hold. Lines are split as the SSE specification does (WHATWG HTML, 9.2.6):
 * LF, CR and CRLF end a line, one byte order mark at the start is dropped, and both a line end and a
 * UTF-8 sequence may be split across chunks. Only whole lines are decoded, because bytes are put
 * together for less than text; each is looked at once, however the stream is cut.
 */
export abstract class LineReader<Result> {
	private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
	/** The line under way. */
	private readonly unfinished = new ByteBuffer();
	private endedWithCarriageReturn = false;
	private begun = false;

	/** @param maxLineBytes in bytes, without its end; a longer one throws `refused` */
	constructor(private readonly maxLineBytes = 16 * 1024 * 1024) {}

	/** What the lines hold that these bytes complete. */
	push(bytes: Uint8Array): readonly Result[] {
		const end = endOfLastLine(bytes);
		if (end === 0) {
			this.keep(bytes);
			return NOTHING;
		}
		const results: Result[] = [];
		let start = 0;
		if (this.unfinished.length > 0) {
			start = endOfFirstLine(bytes);
			this.unfinished.append(bytes.subarray(0, start));
			this.read(this.unfinished.take(), results);
		}
		if (start < end) this.read(bytes.subarray(start, end), results);
		if (end < bytes.length) this.keep(bytes.subarray(end));
		return results;
	}

	/** What the line holds that the end of the stream completes, if any. */
	finish(): Result[] {
		const results: Result[] = [];
		const line = this.decode(this.unfinished.take());
		if (line !== '') this.readLines(`${line}\n`, results);
		return results;
	}

	/**
	 * Reads whole lines, and adds what they hold to the results.
	 * @param text each of its lines is ended by an LF, the last one too
	 */
	protected abstract readLines(text: string, results: Result[]): void;

	private read(lines: Uint8Array, results: Result[]): void {
		if (lines.length > this.maxLineBytes) this.checkLines(lines);
		this.readLines(this.decode(lines), results);
	}

	/** The text of bytes, with every line end as LF and without the byte order mark. */
	private decode(bytes: Uint8Array): string {
		const decoded = this.decoder.decode(bytes);
		// Dropped here: a TextDecoder would drop one from every line that begins with it.
		const text = !this.begun && decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded;
		this.begun = true;
		// The LF of a CRLF whose CR ended the chunk before.
		const rest = this.endedWithCarriageReturn && text.startsWith('\n') ? text.slice(1) : text;
		this.endedWithCarriageReturn = text.endsWith('\r');
		return rest.includes('\r') ? rest.replace(LINE_ENDS, '\n') : rest;
	}

	private keep(part: Uint8Array): void {
		this.unfinished.append(part);
		this.checkLength(this.unfinished.length);
	}

	private checkLines(lines: Uint8Array): void {
		for (let start = 0; start < lines.length; ) {
			const size = endOfFirstLine(lines.subarray(start));
			this.checkLength(size - 1);
			start += size;
		}
	}

	private checkLength(length: number): void {
		if (length > this.maxLineBytes) throw tooLargeError('A line of the answer', this.maxLineBytes);
	}
}

/** Bytes to lines, without their ends. */
export class LineDecoder extends LineReader<string> {
	protected readLines(text: string, lines: string[]): void {
		let start = 0;
		for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
			lines.push(text.slice(start, end));
			start = end + 1;
		}
	}
}
