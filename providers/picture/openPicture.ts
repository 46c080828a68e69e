import { ProviderError } from '../errors';
import { errorDetails, httpError, pageError } from '../http/errors';
import { sendFollowing } from '../http/sendFollowing';
import { isWebPage } from '../http/serviceMessage';
import { untrustedUrl } from '../http/untrustedUrl';
import type { Transport, TransportResponse } from '../Transport';
import { USER_AGENT } from '../userAgent';
import { decodeDataUrl } from './dataUrl';
import { readDimensions } from './dimensions';
import { LARGEST_PICTURE, type Picture } from './Picture';
import { atLeast, peek } from '../decode/peek';
import { sniffPicture } from './sniff';

/** Enough for the size in nearly every JPEG, whose header may stand behind a thumbnail. */
const HEAD_BYTES = 64 * 1024;

/** What ends the reading of a picture. */
export interface OpenPictureOptions {
	/** Its reason is thrown. */
	signal?: AbortSignal | undefined;
	/** Largest picture to take, in bytes. */
	largest?: number | undefined;
}

/**
 * Opens the picture behind a link out of an answer. The link is untrusted: the user's credentials go
 * along only to the service's own origin, and the type is read from the bytes.
 * @throws ProviderError `http` (expired link), `protocol` (no picture), `refused` (unsafe link, too large)
 */
export async function openLink(
	transport: Transport,
	serviceUrl: string,
	link: string,
	options: OpenPictureOptions = {},
): Promise<Picture> {
	const url = untrustedUrl(link, `${serviceUrl}/`, (text) => transport.redact(text));
	const response =
		url.protocol === 'data:'
			? inlineResponse(once(decodeDataUrl(link)))
			: await sendFollowing(transport, serviceUrl, {
					method: 'GET',
					url: url.href,
					headers: { accept: 'image/*', 'user-agent': USER_AGENT },
					signal: options.signal,
				});
	if (response.status >= 300) throw await linkError(response, transport);
	return await readPicture(response, transport, options.largest ?? LARGEST_PICTURE);
}

/** Opens a picture whose bytes came within an answer. */
export async function openContent(
	transport: Transport,
	content: AsyncIterable<Uint8Array>,
	options: OpenPictureOptions = {},
): Promise<Picture> {
	const response = inlineResponse(content);
	return await readPicture(response, transport, options.largest ?? LARGEST_PICTURE);
}

async function linkError(
	response: TransportResponse,
	transport: Transport,
): Promise<ProviderError> {
	const error = await httpError(response, transport);
	if (error.kind !== 'http') return error;
	const message = `The picture's link answered with status ${response.status}`;
	return new ProviderError('http', message, {
		...error.details,
		explanation: 'It may have expired: run the node again to get a new one.',
		retryable: error.retryable,
	});
}

async function readPicture(
	response: TransportResponse,
	transport: Transport,
	largest: number,
): Promise<Picture> {
	const length = Number(response.headers['content-length'] ?? 0);
	if (length > largest) throw tooLarge(response, largest);
	const { head, all } = await peek(response.body, atLeast(HEAD_BYTES));
	const format = sniffPicture(head);
	if (format === undefined) throw noPicture(response, head, transport);
	return {
		...format,
		...readDimensions(head, format.extension),
		bytes: limited(all, response, largest),
		close: () => response.close(),
	};
}

function noPicture(
	response: TransportResponse,
	head: Uint8Array,
	transport: Transport,
): ProviderError {
	response.close();
	if (head.length === 0) return new ProviderError('protocol', 'The picture is empty');
	const text = new TextDecoder().decode(head.subarray(0, 4096));
	if (isWebPage(text)) return pageError(response, text, transport);
	const details = errorDetails(response, text, transport);
	const isText = !text.includes('\0') && !text.includes('\uFFFD');
	return new ProviderError('protocol', 'The service sent something that is no picture', {
		...details,
		serviceMessage: isText ? (details.serviceMessage ?? '') : '',
	});
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
	return new ProviderError('refused', `The picture is larger than ${largest} bytes`);
}

function inlineResponse(body: AsyncIterable<Uint8Array>): TransportResponse {
	return { status: 200, headers: {}, body, close: () => undefined };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}
