import { ProviderError, tooLargeError, toProviderError } from '../errors';

/** A stream whose first bytes are known. */
export interface PeekedStream {
	/** What was read of it so far; the whole stream where it ended before that was enough. */
	head: Uint8Array;
	/** Everything, the head included. Leaving the loop early ends the source. */
	all: AsyncIterable<Uint8Array>;
}

/** Whether the bytes read so far, of which these came last, are enough. */
export type Enough = (bytes: Uint8Array) => boolean;

/** Reads a stream's beginning without losing it. */
export async function peek(
	source: AsyncIterable<Uint8Array>,
	isEnough: Enough,
): Promise<PeekedStream> {
	const iterator = source[Symbol.asyncIterator]();
	const chunks: Uint8Array[] = [];
	for (;;) {
		const next = await iterator.next();
		if (next.done === true) break;
		chunks.push(next.value);
		if (isEnough(next.value)) break;
	}
	return { head: Buffer.concat(chunks), all: resume(chunks, iterator) };
}

/** So many bytes are enough. */
export function atLeast(size: number): Enough {
	let length = 0;
	return (bytes) => (length += bytes.length) >= size;
}

/** Bytes of white space and of a byte order mark. */
const INVISIBLE = new Set([0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf]);
/** Nobody sends more of them in earnest. */
const MAX_INVISIBLE = 64 * 1024;

/** The first character that shows is enough. */
export function firstVisible(): Enough {
	const limit = atLeast(MAX_INVISIBLE);
	return (bytes) => limit(bytes) || bytes.some((byte) => !INVISIBLE.has(byte));
}

/** What a page and a JSON document begin with, and an event stream does not. */
const DOCUMENT_BEGINNINGS = new Set(Array.from('<{[', (character) => character.charCodeAt(0)));

/** Whether a body is a document, by its first byte that shows: so it does not matter how it was cut. */
export function isDocument(head: Uint8Array): boolean {
	const first = head.find((byte) => !INVISIBLE.has(byte));
	return first !== undefined && DOCUMENT_BEGINNINGS.has(first);
}

async function* resume(
	chunks: Uint8Array[],
	iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	try {
		yield* chunks.splice(0);
		for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
			yield next.value;
		}
	} finally {
		await iterator.return?.();
	}
}

/** How the bytes of a body become text. */
export interface TextEncodingOptions {
	/** The Content-Type header, whose `charset` counts; UTF-8 without one. */
	contentType?: string | undefined;
	/** Bytes that are not text in this encoding are an error; otherwise they become U+FFFD. */
	isStrict?: boolean;
}

/**
 * A body as text, a byte order mark dropped.
 * @param limit bytes
 * @throws ProviderError `refused` when the body is larger, `protocol` for bytes that are not text
 */
export async function readText(
	body: AsyncIterable<Uint8Array>,
	limit: number,
	options: TextEncodingOptions = {},
): Promise<string> {
	const decode = decoderFor(options);
	const parts: string[] = [];
	let size = 0;
	for await (const bytes of body) {
		size += bytes.length;
		if (size > limit) {
			throw tooLargeError("The service's answer", limit);
		}
		parts.push(decode(bytes));
	}
	return [...parts, decode()].join('');
}

/** Decodes bytes, and without any what was left at the end. */
function decoderFor({ contentType = '', isStrict = false }: TextEncodingOptions) {
	const [, charset = 'utf-8'] = CHARSET.exec(contentType) ?? [];
	const decoder = knownDecoder(charset, isStrict) ?? new TextDecoder('utf-8', { fatal: isStrict });
	return (bytes?: Uint8Array): string => {
		try {
			return decoder.decode(bytes, { stream: bytes !== undefined });
		} catch {
			throw toProviderError(notText(charset));
		}
	};
}

function notText(charset: string): ProviderError {
	return new ProviderError('protocol', `The answer is not text in the encoding ${charset}`, {
		explanation: 'Correct the charset that the server gives its answers.',
	});
}

const CHARSET = /\bcharset\s*=\s*"?([\w:.-]+)/i;

function knownDecoder(charset: string, fatal: boolean) {
	try {
		return new TextDecoder(charset, { fatal });
	} catch {
		return undefined;
	}
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;

interface StringPiece {
	bytes: Uint8Array;
	/** Whether the string ends with it. */
	isOver: boolean;
	/** Whether the byte after it is escaped. */
	isEscaped: boolean;
}

/** A place in a stream of bytes, from which it is read on. */
export class ByteCursor {
	private chunk: Uint8Array = new Uint8Array();
	private position = 0;

	constructor(private readonly source: AsyncIterator<Uint8Array>) {}

	/** Whether there are bytes left; waits for some. */
	async hasMore(): Promise<boolean> {
		while (this.position >= this.chunk.length) {
			const next = await this.source.next();
			if (next.done === true) return false;
			this.chunk = next.value;
			this.position = 0;
		}
		return true;
	}

	/** What has arrived and is not yet taken, up to the first `end` (excluded). */
	takeUntil(end: number): Uint8Array {
		const found = this.chunk.indexOf(end, this.position);
		return this.take(found < 0 ? this.chunk.length : found);
	}

	/**
	 * What has arrived of a JSON string, up to its closing quote (taken, but not given out).
	 * @param isEscaped whether the first byte is escaped by the one before it
	 */
	takeString(isEscaped: boolean): StringPiece {
		const start = this.position;
		const quote = this.chunk.indexOf(QUOTE, start);
		const end = quote < 0 ? this.chunk.length : quote;
		// Only up to the quote: a search of the whole chunk for each of many short strings takes quadratic time.
		const hasBackslash = this.chunk.subarray(start, end).includes(BACKSLASH);
		// Nearly all of an image: nothing is escaped before its end.
		const isPlain = !isEscaped && !hasBackslash;
		return isPlain ? this.stringUntil(end, quote >= 0) : this.escapedString(isEscaped);
	}

	private escapedString(isEscaped: boolean): StringPiece {
		let escaped = isEscaped;
		for (let index = this.position; index < this.chunk.length; index++) {
			const byte = this.chunk[index];
			if (escaped) escaped = false;
			else if (byte === BACKSLASH) escaped = true;
			else if (byte === QUOTE) return this.stringUntil(index, true);
		}
		return { ...this.stringUntil(this.chunk.length, false), isEscaped: escaped };
	}

	private stringUntil(end: number, isOver: boolean): StringPiece {
		const bytes = this.take(end);
		if (isOver) this.position++;
		return { bytes, isOver, isEscaped: false };
	}

	/** One byte. There must be more. */
	takeOne(): number {
		return this.chunk[this.position++] ?? 0;
	}

	private take(end: number): Uint8Array {
		const bytes = this.chunk.subarray(this.position, end);
		this.position = end;
		return bytes;
	}
}

const MAX_PARTS = 1024;

/**
 * A text that arrives in parts. They are joined in blocks: kept one by one, parts of one letter take ninety
 * times the memory of the text.
 */
export class JoinedText {
	/** How many parts have come. */
	count = 0;
	private readonly blocks: string[] = [];
	private parts: string[] = [];

	add(part: string): void {
		this.count++;
		if (this.parts.push(part) < MAX_PARTS) return;
		this.blocks.push(this.parts.join(''));
		this.parts = [];
	}

	toString(): string {
		return [...this.blocks, ...this.parts].join('');
	}
}
