import { ProviderError } from '../errors';
import { ByteBuffer } from './ByteBuffer';
import { endOfFirstLine, endOfLastLine } from './lineEnds';

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

	/** @param longestLine in bytes, without its end; a longer one throws `refused` */
	constructor(private readonly longestLine = 16 * 1024 * 1024) {}

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
		if (lines.length > this.longestLine) this.checkLines(lines);
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
		if (length <= this.longestLine) return;
		throw new ProviderError(
			'refused',
			`The service sent a line longer than ${this.longestLine} bytes`,
		);
	}
}
