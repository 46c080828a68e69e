import { Base64Decoder } from '../decode/base64';
import { atLeast, peek } from '../decode/body';
import { ProviderError, tooLargeError, toProviderError } from '../errors';
import { sendFollowing } from '../http/sendFollowing';
import { httpError, isWebPage, pageError, unexpected } from '../http/serviceErrors';
import { untrustedUrl } from '../http/urls';
import type { Transport, TransportResponse } from '../Transport';
import { type Dimensions, type ImageFormat, readDimensions, sniffImage } from './format';
import { untilItsEnd } from './imageEnd';

/** An image that is about to be read. Exactly one of reading `bytes` and calling `close` ends it. */
export interface OpenedImage extends ImageFormat, Partial<Dimensions> {
	/** The file, in chunks, to be read once. Throws ProviderError when it breaks off or grows too large. */
	bytes: AsyncIterable<Uint8Array>;
	/** Lets go of an image that is not read. */
	close(): void;
}

/** The largest image taken unless the caller says otherwise, in bytes. */
export const MAX_IMAGE_BYTES = 100 * 1024 * 1024;

/** Enough for the size in nearly every JPEG, whose header may follow a thumbnail. */
const HEAD_BYTES = 64 * 1024;

/** What ends the reading of an image. */
export interface OpenImageOptions {
	/** Its reason is thrown. */
	signal?: AbortSignal | undefined;
	/** Largest image to take, in bytes. */
	largest?: number | undefined;
}

/**
 * Opens the image behind a link out of an answer. The link is untrusted: the user's credentials go
 * along only to the service's own origin, and the type is read from the bytes.
 * @throws ProviderError `http` (expired link), `protocol` (no image), `refused` (unsafe link, too large)
 */
export async function openLink(
	transport: Transport,
	serviceUrl: string,
	link: string,
	options: OpenImageOptions = {},
): Promise<OpenedImage> {
	const url = untrustedUrl(link, `${serviceUrl}/`);
	const response =
		url.protocol === 'data:'
			? inlineResponse(once(decodeDataUrl(link)))
			: await fetchLink(transport, serviceUrl, url, options.signal);
	if (response.status >= 300) throw await linkError(response);
	return await readImage(response, options.largest ?? MAX_IMAGE_BYTES);
}

async function fetchLink(
	transport: Transport,
	serviceUrl: string,
	url: URL,
	signal: AbortSignal | undefined,
): Promise<TransportResponse> {
	try {
		return await sendFollowing(transport, serviceUrl, {
			method: 'GET',
			url: url.href,
			headers: { accept: 'image/*' },
			signal,
		});
	} catch (error) {
		throw toProviderError(aboutLink(toProviderError(error), url));
	}
}

/** An address that cannot be reached is about the link, not about the service. */
function aboutLink(failure: ProviderError, url: URL): ProviderError {
	if (failure.kind !== 'network') return failure;
	const explanation = `Check why n8n cannot reach ${url.origin}, or set 'Response Format' to Base64.`;
	return failure.with({ reason: undefined, explanation }, "The image's link could not be reached");
}

/** Opens an image whose bytes came within an answer. */
export async function openContent(
	content: AsyncIterable<Uint8Array>,
	options: OpenImageOptions = {},
): Promise<OpenedImage> {
	const response = inlineResponse(content);
	return await readImage(response, options.largest ?? MAX_IMAGE_BYTES);
}

async function linkError(response: TransportResponse): Promise<ProviderError> {
	const error = await httpError(response);
	if (error.kind !== 'http') return error;
	// It is about the link, not about the service.
	const explanation = 'It may have expired: run the node again to get a new one.';
	const message = `The image's link answered with status ${response.status}`;
	return error.with({ reason: undefined, explanation }, message);
}

async function readImage(response: TransportResponse, largest: number): Promise<OpenedImage> {
	const length = Number(response.headers['content-length'] ?? 0);
	if (length > largest) throw tooLarge(response, largest);
	const { head, all } = await peek(response.body, atLeast(HEAD_BYTES));
	const format = sniffImage(head);
	if (format === undefined) throw notAnImage(response, head);
	return {
		...format,
		...readDimensions(head, format.extension),
		bytes: limited(untilItsEnd(all, format.extension), response, largest),
		close: () => response.close(),
	};
}

function notAnImage(response: TransportResponse, head: Uint8Array): ProviderError {
	response.close();
	if (head.length === 0) return new ProviderError('protocol', 'The image is empty');
	const text = new TextDecoder().decode(head.subarray(0, 4096));
	if (isWebPage(text)) return pageError(response, text);
	const error = unexpected('The service sent something that is not an image', response, text);
	const isText = !text.includes('\0') && !text.includes('\uFFFD');
	return isText ? error : error.with({ serviceMessage: '' });
}

async function* limited(
	source: AsyncIterable<Uint8Array>,
	response: TransportResponse,
	largest: number,
): AsyncGenerator<Uint8Array> {
	let size = 0;
	for await (const bytes of source) {
		size += bytes.length;
		if (size > largest) throw tooLarge(response, largest);
		yield bytes;
	}
}

function tooLarge(response: TransportResponse, largest: number): ProviderError {
	response.close();
	return tooLargeError('The image', largest, 'Max Image Size');
}

function inlineResponse(body: AsyncIterable<Uint8Array>): TransportResponse {
	return { status: 200, headers: {}, body, close: () => undefined };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

/** An image, read to its end, as a `data:` URL. */
export async function toDataUrl({ bytes, mimeType }: OpenedImage): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of bytes) chunks.push(chunk);
	return `data:${mimeType};base64,${Buffer.concat(chunks).toString('base64')}`;
}

/**
 * The bytes of a `data:` URL (RFC 2397), base64 or percent-encoded.
 * @throws ProviderError `protocol` for a malformed one
 */
export function decodeDataUrl(url: string): Uint8Array {
	const comma = url.indexOf(',');
	if (comma < 0) throw new ProviderError('protocol', 'The service sent a data: URL without data');
	const content = url.slice(comma + 1);
	if (/;base64$/i.test(url.slice(0, comma))) return decodeBase64(content);
	return decodePercent(Buffer.from(content, 'utf8'));
}

const PERCENT = 0x25;

/** In place. A percent sign without two hexadecimal digits stands for itself. */
function decodePercent(bytes: Buffer): Uint8Array {
	let end = 0;
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index] ?? 0;
		const code = byte === PERCENT ? bytes.toString('latin1', index + 1, index + 3) : '';
		const isCode = /^[0-9a-f]{2}$/i.test(code);
		bytes[end++] = isCode ? parseInt(code, 16) : byte;
		if (isCode) index += 2;
	}
	return bytes.subarray(0, end);
}

/** @throws ProviderError for what is not base64: Buffer would pass over it, and give a broken file */
function decodeBase64(text: string): Uint8Array {
	const decoder = new Base64Decoder();
	const bytes = decoder.push(Buffer.from(text, 'latin1'));
	decoder.finish();
	return bytes;
}
