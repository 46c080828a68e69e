import { Base64Decoder } from '../decode/base64';
import { atLeast, ByteCursor, peek } from '../decode/body';
import { asObject, asText, type JsonObject, parseJson } from '../decode/json';
import { ProviderError } from '../errors';
import { errorDetails, inBandError, isWebPage, pageError } from '../http/serviceErrors';
import type { TransportResponse } from '../Transport';
import { ImageResponse, type ProviderChunk } from '../types';

/** No service draws so many for one prompt; each link is a request. */
const MAX_LINKS = 100;

/**
 * An answer of the shape `{ "data": [ { "url" | "b64_json": …, "revised_prompt"? } ] }`, as both
 * protocols send it. Images within the answer come first, as they arrive, then links.
 * @returns the whole answer, without its inline images
 * @throws ProviderError `protocol` when there is none, `truncated` when it breaks off
 */
export async function* readImageAnswer(
	response: TransportResponse,
	prompt: string,
): AsyncGenerator<ProviderChunk, JsonObject> {
	const reader = new ImageJsonReader(response.body);
	for await (const content of reader.images()) {
		yield { type: 'image', image: new ImageResponse([], prompt, content) };
	}
	const body = reader.document();
	const answer = parseAnswer(body, response);
	const entries = readEntries(answer, body, response);
	const inline = entries.filter(isInline);
	const linked = entries.filter((entry) => !isInline(entry) && asText(entry['url']) !== undefined);
	const links = linked.map(({ url }) => String(url));
	if (links.length > MAX_LINKS) throw tooManyLinks();
	if (links.length > 0) yield { type: 'image', image: new ImageResponse(links, prompt) };
	const prompts = [...inline, ...linked].map((entry) => asText(entry['revised_prompt']));
	yield { type: 'revisedPrompts', prompts };
	return answer;
}

function parseAnswer(body: string, response: TransportResponse): JsonObject {
	if (body.trim() === '') throw new ProviderError('protocol', 'The service sent an empty answer');
	if (isWebPage(body)) throw pageError(response, body);
	const parsed = parseJson(body);
	if (!parsed.ok) throw unexpected('The service sent broken JSON', body, response);
	// Errors come in a list from some gateways.
	const [value] = [parsed.value].flat();
	return asObject(value) ?? {};
}

function readEntries(answer: JsonObject, body: string, response: TransportResponse): JsonObject[] {
	const { data, error } = answer;
	if (!Array.isArray(data) || data.length === 0) {
		if (error !== undefined && error !== null) throw inBandError(response, body);
		throw unexpected('Unexpected response format: no images', body, response);
	}
	const entries = data.map((entry) => asObject(entry) ?? {});
	if (entries.some(({ url, b64_json }) => (asText(url) ?? asText(b64_json)) !== undefined)) {
		return entries;
	}
	throw unexpected('No image URL found in the response', body, response);
}

function tooManyLinks(): ProviderError {
	return new ProviderError('refused', `The service sent links to more than ${MAX_LINKS} images`);
}

/** Whether an entry's image came within the answer, whatever link stands beside it. */
function isInline({ url, b64_json }: JsonObject): boolean {
	return url === IMAGE_MARK || b64_json === IMAGE_MARK;
}

function unexpected(message: string, body: string, response: TransportResponse): ProviderError {
	return new ProviderError('protocol', message, errorDetails(response, body));
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** Other `data:` URLs hold no base64: they stay in the document. */
const DATA_URL = /^data:[^,]*;base64,/i;
const DATA_URL_HEAD = 128;
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** Stands in the document where an image stood. */
export const IMAGE_MARK = 'image:';

/**
 * Reads a JSON answer that holds images in base64, without ever holding an image: strings under
 * `b64_json`, and `data:` URLs under `url`, come out as streams of decoded bytes in their order; the
 * rest is kept as a document with marks in their places.
 */
export class ImageJsonReader {
	private readonly cursor: ByteCursor;
	private readonly kept: Uint8Array[] = [];
	private keptBytes = 0;
	private inString = false;
	/** Whether the last byte of the string so far was a backslash that escapes the next. */
	private escaping = false;

	constructor(body: AsyncIterable<Uint8Array>) {
		this.cursor = new ByteCursor(body[Symbol.asyncIterator]());
	}

	/** The images. What is not read of one is skipped when the next is asked for. */
	async *images(): AsyncGenerator<AsyncIterable<Uint8Array>> {
		let string = '';
		for (;;) {
			const between = await this.keepUntilString();
			if (!(await this.cursor.hasMore())) return;
			// Only a colon between two strings makes the one before a key and this one its value.
			const key = between.trim() === ':' ? string : '';
			string = '';
			if (key === 'b64_json' || key === 'url') yield* this.imageOrString(key);
			else string = await this.keepString(this.string());
		}
	}

	/** The answer without its images, once all of them were passed. */
	document(): string {
		return new TextDecoder().decode(Buffer.concat(this.kept));
	}

	private async *imageOrString(key: string): AsyncGenerator<AsyncIterable<Uint8Array>> {
		const { head, all } = await peek(this.string(), atLeast(DATA_URL_HEAD));
		const isDataUrl = isDataUrlHead(head);
		// Servers that answer with links may leave b64_json empty.
		if (head.length === 0 || (key === 'url' && !isDataUrl)) {
			await this.keepString(all);
			return;
		}
		this.keep(Buffer.from(`"${IMAGE_MARK}"`));
		yield this.decoded(isDataUrl ? behindComma(all) : all);
		if (this.inString) await drain(this.string());
	}

	private async *decoded(characters: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
		const decoder = new Base64Decoder();
		for await (const piece of characters) yield decoder.push(piece);
		if (this.inString) throw new ProviderError('truncated', 'The image broke off');
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
			const bytes = this.cursor.takeUntil(QUOTE);
			if (bytes.length > 0) {
				this.escaping = endsEscaping(bytes, this.escaping);
				yield bytes;
				continue;
			}
			const quote = this.cursor.takeOne();
			if (!this.escaping) {
				this.inString = false;
				return;
			}
			this.escaping = false;
			yield Uint8Array.of(quote);
		}
	}

	private keep(bytes: Uint8Array): void {
		this.kept.push(bytes);
		this.keptBytes += bytes.length;
		if (this.keptBytes <= MAX_DOCUMENT_BYTES) return;
		throw new ProviderError('refused', "The service's answer is too large");
	}
}

/** Whether what follows these bytes of a string is escaped: an odd number of backslashes ends them. */
function endsEscaping(bytes: Uint8Array, escapedBefore: boolean): boolean {
	const last = bytes.findLastIndex((byte) => byte !== BACKSLASH);
	const backslashes = bytes.length - 1 - last + (last < 0 && escapedBefore ? 1 : 0);
	return backslashes % 2 === 1;
}

/** What stands behind the first comma. */
async function* behindComma(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let found = false;
	for await (const bytes of source) {
		const start: number = found ? 0 : bytes.indexOf(COMMA) + 1;
		if (found || start > 0) yield bytes.subarray(start);
		found ||= start > 0;
	}
}

async function drain(source: AsyncIterator<unknown>): Promise<void> {
	while ((await source.next()).done !== true);
}

/** Looks no further, however much has arrived: an answer must not depend on how the network cuts it. */
function isDataUrlHead(head: Uint8Array): boolean {
	return DATA_URL.test(Buffer.from(head.subarray(0, DATA_URL_HEAD)).toString('latin1'));
}
