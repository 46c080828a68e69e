import { ProviderError } from '../errors';

const LINE_ENDS = /\r\n?/g;

/**
 * Bytes to what their lines hold. Lines are split as the SSE specification does (WHATWG HTML, 9.2.6):
 * LF, CR and CRLF end a line, one byte order mark at the start is dropped, and both a line end and a
 * UTF-8 sequence may be split across chunks. Each byte is looked at once, however the stream is cut.
 */
export abstract class LineReader<Result> {
	private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
	private unfinished: string[] = [];
	private unfinishedLength = 0;
	private endedWithCarriageReturn = false;
	private begun = false;

	/** @param longestLine in UTF-16 code units; a longer one throws `refused` */
	constructor(private readonly longestLine = 16 * 1024 * 1024) {}

	/** What the lines hold that these bytes complete. */
	push(bytes: Uint8Array): Result[] {
		return this.take(this.decoder.decode(bytes, { stream: true }));
	}

	/** What the line holds that the end of the stream completes, if any. */
	finish(): Result[] {
		const results = this.take(this.decoder.decode());
		if (this.unfinishedLength > 0) this.readLines(this.completed('\n'), 0, results);
		return results;
	}

	/**
	 * Reads the lines of a text from a place on, and adds what they hold to the results.
	 * @param text every line end in it is an LF
	 * @returns where the line begins that the text does not end
	 */
	protected abstract readLines(text: string, start: number, results: Result[]): number;

	private take(decoded: string): Result[] {
		const results: Result[] = [];
		const text = this.normalized(decoded);
		const firstEnd = text.indexOf('\n') + 1;
		let start = 0;
		if (firstEnd > 0 && this.unfinishedLength > 0) {
			this.readLines(this.completed(text.slice(0, firstEnd)), 0, results);
			start = firstEnd;
		}
		if (firstEnd > 0) start = this.readLines(this.checked(text), start, results);
		this.keep(text.slice(start));
		return results;
	}

	/** Every line end as LF, and without the byte order mark. */
	private normalized(decoded: string): string {
		if (decoded === '') return decoded;
		// Dropped here: a TextDecoder drops two when the first is split after its first byte.
		const text = !this.begun && decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded;
		this.begun = true;
		// The LF of a CRLF whose CR ended the chunk before.
		const rest = this.endedWithCarriageReturn && text.startsWith('\n') ? text.slice(1) : text;
		this.endedWithCarriageReturn = text.endsWith('\r');
		return rest.includes('\r') ? rest.replace(LINE_ENDS, '\n') : rest;
	}

	/** The unfinished line, with its end. */
	private completed(end: string): string {
		const line = [...this.unfinished, end].join('');
		this.unfinished = [];
		this.unfinishedLength = 0;
		return this.checked(line);
	}

	private keep(part: string): void {
		if (part === '') return;
		this.unfinished.push(part);
		this.unfinishedLength += part.length;
		this.checkLength(this.unfinishedLength);
	}

	/** The text, unless a line of it is too long. */
	private checked(text: string): string {
		if (text.length > this.longestLine) {
			text.split('\n').forEach(({ length }) => this.checkLength(length));
		}
		return text;
	}

	private checkLength(length: number): void {
		if (length <= this.longestLine) return;
		throw new ProviderError(
			'refused',
			`The service sent a line longer than ${this.longestLine} characters`,
		);
	}
}
