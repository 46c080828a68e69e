import { ProviderError } from '../errors';

const LINE_END = /\r\n|\n|\r/g;

/**
 * Bytes to lines, as the SSE specification splits them (WHATWG HTML, 9.2.6): LF, CR and CRLF end a
 * line, one byte order mark at the start is dropped, and both a line end and a UTF-8 sequence may be
 * split across chunks. Each byte is looked at once, however the stream is cut.
 */
export class LineDecoder {
	private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
	private unfinished: string[] = [];
	private unfinishedLength = 0;
	private endedWithCarriageReturn = false;
	private begun = false;

	/** @param longestLine in UTF-16 code units; a longer one throws `refused` */
	constructor(private readonly longestLine = 16 * 1024 * 1024) {}

	/** The lines that these bytes complete. */
	push(bytes: Uint8Array): string[] {
		return this.split(this.decoder.decode(bytes, { stream: true }));
	}

	/** The line that the end of the stream completes, if any. */
	finish(): string[] {
		const lines = this.split(this.decoder.decode());
		return this.unfinishedLength > 0 ? [...lines, this.takeLine('')] : lines;
	}

	private split(decoded: string): string[] {
		if (decoded === '') return [];
		// Dropped here: a TextDecoder drops two when the first is split after its first byte.
		const text = !this.begun && decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded;
		this.begun = true;
		// The LF of a CRLF whose CR ended the chunk before.
		let start = this.endedWithCarriageReturn && text.startsWith('\n') ? 1 : 0;
		this.endedWithCarriageReturn = text.endsWith('\r');
		const lines: string[] = [];
		LINE_END.lastIndex = start;
		for (let end = LINE_END.exec(text); end !== null; end = LINE_END.exec(text)) {
			lines.push(this.takeLine(text.slice(start, end.index)));
			start = LINE_END.lastIndex;
		}
		this.keep(text.slice(start));
		return lines;
	}

	private takeLine(lastPart: string): string {
		this.keep(lastPart);
		const line = this.unfinished.join('');
		this.unfinished = [];
		this.unfinishedLength = 0;
		return line;
	}

	private keep(part: string): void {
		if (part === '') return;
		this.unfinished.push(part);
		this.unfinishedLength += part.length;
		if (this.unfinishedLength <= this.longestLine) return;
		throw new ProviderError(
			'refused',
			`The service sent a line longer than ${this.longestLine} characters`,
		);
	}
}
