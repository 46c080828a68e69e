import { randomUUID } from 'node:crypto';

import { Base64Decoder } from '../decode/base64';
import { atLeast, ByteCursor, peek } from '../decode/body';
import { parseJson } from '../decode/json';
import { ProviderError, tooLargeError } from '../errors';

const QUOTE = 0x22;
const COMMA = 0x2c;
/** Other `data:` URLs hold no base64: they stay in the document. */
const DATA_URL = /^data:[^,]*;base64,/i;
const DATA_URL_HEAD = 128;
/** Of everything but images: links, prompts, usage. */
const MAX_DOCUMENT_BYTES = 1024 * 1024;
/** Of images that could not be taken: enough to get to those after them, and not an answer without end. */
const MAX_SKIPPED_BYTES = 64 * 1024 * 1024;
/** Where images stand: at the root or under `data` or `images`, alone or in a list. */
const IMAGE_PLACE = /^((data|images)\.)?(\[\]\.)?(b64_json|base64|url)$/;
const MAX_DEPTH = 64;
/** Longer keys lead to no image; with them, the path to each of many short strings would be long. */
const MAX_KEY_LENGTH = 64;

/**
 * Reads a JSON answer that holds images in base64 without ever holding an image: strings under `b64_json` and
 * `base64`, and `data:` URLs under `url`, come out as streams of decoded bytes in their order; the rest is
 * kept as a document with marks in their places.
 */
export class ImageJsonReader {
	/** Stands in the document where an image stood. No service can guess it, and pretend one. */
	readonly mark = `image:${randomUUID()}`;
	private readonly cursor: ByteCursor;
	private kept = Buffer.alloc(4096);
	private keptBytes = 0;
	private skippedBytes = 0;
	private inString = false;
	/** Whether the next byte of the string is escaped. */
	private isEscaped = false;
	/** The objects and lists around what is read now: the key in an object, `[]` in a list. */
	private readonly path: string[] = [];

	constructor(body: AsyncIterable<Uint8Array>) {
		this.cursor = new ByteCursor(body[Symbol.asyncIterator]());
	}

	/**
	 * The images. What is not read of one is skipped when the next is asked for.
	 * @throws ProviderError `refused` when too much is skipped, or stands between the images
	 */
	async *images(): AsyncGenerator<AsyncIterable<Uint8Array>> {
		let string = '';
		for (;;) {
			const between = await this.keepUntilString();
			// Only a colon between two strings makes the one before a key and this one its value.
			const isValue = this.follow(between, string);
			if (!(await this.cursor.hasMore())) return;
			string = '';
			if (isValue && IMAGE_PLACE.test(this.path.join('.'))) yield* this.imageOrString();
			else string = await this.keepString(this.string());
		}
	}

	/** The answer without its images, once all of them were passed. */
	document(): string {
		return new TextDecoder().decode(this.kept.subarray(0, this.keptBytes));
	}

	/**
	 * Follows the brackets between two strings.
	 * @param before the string before them, escapes as they stand
	 * @returns whether what follows is the value of a key
	 */
	private follow(between: string, before: string): boolean {
		for (const character of between) {
			if (character === ':') this.path[this.path.length - 1] = nameOf(before);
			else if (character === '{') this.path.push('');
			else if (character === '[') this.path.push('[]');
			else if (character === '}' || character === ']') this.path.pop();
			if (this.path.length > MAX_DEPTH) {
				throw new ProviderError('protocol', 'The service sent an answer that is nested too deeply');
			}
		}
		return between.trim() === ':';
	}

	private async *imageOrString(): AsyncGenerator<AsyncIterable<Uint8Array>> {
		const { head, all } = await peek(this.string(), atLeast(DATA_URL_HEAD));
		const isDataUrl = isDataUrlHead(head);
		// Servers that answer with links may leave b64_json empty.
		if (head.length === 0 || (this.path.at(-1) === 'url' && !isDataUrl)) {
			await this.keepString(all);
			return;
		}
		this.keep(Buffer.from(`"${this.mark}"`));
		yield this.decoded(isDataUrl ? afterComma(all) : all);
		if (this.inString) await this.skipString();
	}

	private async *decoded(characters: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
		const decoder = new Base64Decoder();
		for await (const piece of characters) yield decoder.push(piece);
		if (this.inString) throw new ProviderError('truncated', 'The image broke off');
		decoder.finish();
	}

	private async keepUntilString(): Promise<string> {
		const parts: string[] = [];
		while (await this.cursor.hasMore()) {
			const bytes = this.cursor.takeUntil(QUOTE);
			if (bytes.length === 0) break;
			this.keep(bytes);
			parts.push(Buffer.from(bytes).toString('latin1'));
		}
		return parts.join('');
	}

	private async keepString(content: AsyncIterable<Uint8Array>): Promise<string> {
		const parts: Uint8Array[] = [];
		this.keep(Uint8Array.of(QUOTE));
		for await (const bytes of content) {
			this.keep(bytes);
			parts.push(bytes);
		}
		if (!this.inString) this.keep(Uint8Array.of(QUOTE));
		return Buffer.concat(parts).toString('utf8');
	}

	/** The rest of a string, escapes as they stand, without its quotes. */
	private async *string(): AsyncGenerator<Uint8Array> {
		if (!this.inString) this.cursor.takeOne();
		this.inString = true;
		while (await this.cursor.hasMore()) {
			const { bytes, isOver, isEscaped } = this.cursor.takeString(this.isEscaped);
			this.isEscaped = isEscaped;
			if (isOver) this.inString = false;
			if (bytes.length > 0) yield bytes;
			if (isOver) return;
		}
	}

	private async skipString(): Promise<void> {
		for await (const { length } of this.string()) {
			this.skippedBytes += length;
			if (this.skippedBytes > MAX_SKIPPED_BYTES) throw tooLarge(MAX_SKIPPED_BYTES);
		}
	}

	/** Copies: a view would hold the whole chunk that it is a part of, and many small ones outweigh their bytes. */
	private keep(bytes: Uint8Array): void {
		const size = this.keptBytes + bytes.length;
		if (size > MAX_DOCUMENT_BYTES) throw tooLarge(MAX_DOCUMENT_BYTES);
		if (size > this.kept.length) {
			this.kept = Buffer.concat([this.kept], Math.max(size, 2 * this.kept.length));
		}
		this.kept.set(bytes, this.keptBytes);
		this.keptBytes = size;
	}
}

/** A key as it is meant: it may be written with escapes. */
function nameOf(key: string): string {
	if (key.length > MAX_KEY_LENGTH) return '';
	const parsed = key.includes('\\') ? parseJson(`"${key}"`) : undefined;
	return parsed?.ok === true ? String(parsed.value) : key;
}

function tooLarge(limit: number): ProviderError {
	return tooLargeError("The service's answer without its images", limit);
}

/** What stands after the first comma. */
async function* afterComma(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let found = false;
	for await (const bytes of source) {
		const start: number = found ? 0 : bytes.indexOf(COMMA) + 1;
		if (found || start > 0) yield bytes.subarray(start);
		found ||= start > 0;
	}
}

/** Looks no further, however much has arrived: an answer must not depend on how the network cuts it. */
function isDataUrlHead(head: Uint8Array): boolean {
	return DATA_URL.test(Buffer.from(head.subarray(0, DATA_URL_HEAD)).toString('latin1'));
}
