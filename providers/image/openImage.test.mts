import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import * as files from '../../test/support/images.mts';
import { png } from '../../test/support/images.mts';
import { type MemoryAnswer, MemoryTransport, page } from '../../test/support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../test/support/pages.mts';
import { byteByByte } from '../../test/support/splits.mts';
import { collect, streamOf } from '../../test/support/streams.mts';
import { ProviderError } from '../errors.ts';
import {
	decodeDataUrl,
	openContent,
	type OpenImageOptions,
	openLink,
	toDataUrl,
} from './openImage.ts';

export const SERVICE = 'https://ai-chats.org/base';
export const LINK = 'https://cdn.example/image.png';
export const PNG = files.png(640, 480);

export async function opened(answers: MemoryAnswer[], link = LINK, options?: OpenImageOptions) {
	const transport = new MemoryTransport(answers);
	return { transport, image: await openLink(transport, SERVICE, link, options) };
}

export async function refusedImage(
	answers: MemoryAnswer[],
	link = LINK,
	options?: OpenImageOptions,
) {
	const transport = new MemoryTransport(answers);
	const error = await providerErrorOf(() => openLink(transport, SERVICE, link, options));
	expect(transport.letGoOfAll).toBe(true);
	return error;
}

export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
	return Buffer.concat(await collect(stream));
}

/** An image of this many bytes in chunks of 64 KB. */
export function large(bytes: number): MemoryAnswer {
	const chunks = Array.from({ length: bytes / 65_536 }, () => new Uint8Array(65_536));
	chunks[0]?.set(PNG);
	const end = PNG.slice(-12);
	chunks.at(-1)?.set(end, 65_536 - end.length);
	return { chunks };
}

const PNG_DATA_URL = png(640, 480);
const BASE64 = Buffer.from(PNG_DATA_URL).toString('base64');

function percent(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

test.each([
	['base64', `data:image/png;base64,${BASE64}`],
	['base64 without a type', `data:;base64,${BASE64}`],
	['base64 with a parameter', `data:image/png;name=a.png;base64,${BASE64}`],
	['base64 in capitals', `DATA:image/png;BASE64,${BASE64}`],
	['base64 without padding', `data:image/png;base64,${BASE64.replace(/=+$/, '')}`],
	['base64 with line breaks', `data:image/png;base64,${BASE64.replace(/.{10}/g, '$&\n')}`],
	['base64 for URLs', `data:image/png;base64,${Buffer.from(PNG_DATA_URL).toString('base64url')}`],
	['percent-encoded base64', `data:image/png;base64,${encodeURIComponent(BASE64)}`],
	['percent-encoded bytes', `data:image/png,${percent(PNG_DATA_URL)}`],
])('%s gives the bytes', (_form, url) => {
	expect(Buffer.from(decodeDataUrl(url))).toEqual(Buffer.from(PNG_DATA_URL));
});

test('percent-encoded text gives its UTF-8', () => {
	expect(Buffer.from(decodeDataUrl('data:,a%20b,%C3%A9')).toString()).toBe('a b,é');
});

test('a stray percent sign is no harm', () => {
	expect(Buffer.from(decodeDataUrl('data:,100%')).toString()).toBe('100%');
});

test('no data is no bytes', () => {
	expect(decodeDataUrl('data:image/png;base64,')).toHaveLength(0);
	expect(decodeDataUrl('data:,')).toHaveLength(0);
});

test.each(['data:', 'data:image/png;base64'])('%j without a comma is malformed', async (url) => {
	expect((await providerErrorOf(() => decodeDataUrl(url))).kind).toBe('protocol');
});

test('an image becomes a data: URL of its own type', async () => {
	const bytes = streamOf(...byteByByte(PNG_DATA_URL));
	const image = { mimeType: 'image/png', extension: 'png', bytes, close: () => {} } as const;
	expect(await toDataUrl(image)).toBe(`data:image/png;base64,${BASE64}`);
});

const BROKEN = new ProviderError('network', 'Lost', { code: 'ECONNRESET', retryable: true });

describe('an image that breaks off', () => {
	test('behind its head is truncated and not asked for again', async () => {
		const chunks = [...large(65_536 * 2).chunks!, BROKEN];
		const { image } = await opened([{ chunks }]);
		const error = await providerErrorOf(() => bytesOf(image.bytes));
		expect(error).toMatchObject({
			kind: 'truncated',
			message: 'The answer broke off',
			retryable: false,
			details: { code: 'ECONNRESET' },
		});
	});

	test('within its head is truncated too', async () => {
		const transport = new MemoryTransport([{ chunks: [PNG, BROKEN] }]);
		const error = await providerErrorOf(async () => {
			const image = await openLink(transport, SERVICE, LINK);
			return await bytesOf(image.bytes);
		});
		expect(error).toMatchObject({ kind: 'truncated', message: 'The answer broke off' });
	});

	test('because of a time limit or a stop keeps that reason', async () => {
		for (const kind of ['timeout', 'aborted'] as const) {
			const chunks = [...large(65_536 * 2).chunks!, new ProviderError(kind, 'Over')];
			const { image } = await opened([{ chunks }]);
			expect((await providerErrorOf(() => bytesOf(image.bytes))).kind).toBe(kind);
		}
	});
});

describe('the bytes', () => {
	test('come whole, with type and size, however they are cut', async () => {
		const { image, transport } = await opened([{ chunks: byteByByte(PNG) }]);
		expect(image).toMatchObject({
			mimeType: 'image/png',
			extension: 'png',
			width: 640,
			height: 480,
		});
		expect(await bytesOf(image.bytes)).toEqual(Buffer.from(PNG));
		expect(transport.answers[0]?.bodyEnded).toBe(true);
	});

	test('tell the type, whatever the label and the name say', async () => {
		const headers = { 'content-type': 'image/png' };
		const { image } = await opened([{ headers, chunks: [files.webpLossless(8, 9)] }]);
		expect(image).toMatchObject({
			mimeType: 'image/webp',
			extension: 'webp',
			width: 8,
			height: 9,
		});
	});

	test('of a page are no image even when labelled so', async () => {
		const headers = { 'content-type': 'image/png' };
		const error = await refusedImage([{ headers, chunks: [PLAIN_PAGE] }]);
		expect(error.kind).toBe('protocol');
	});

	test('without a size in their header have none', async () => {
		const bytes = files.join([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0]);
		const { image } = await opened([{ chunks: [bytes] }]);
		expect(image.mimeType).toBe('image/jpeg');
		expect('width' in image || 'height' in image).toBe(false);
	});

	test('behind the head are read only on demand', async () => {
		const { transport, image } = await opened([large(65_536 * 8)]);
		expect(transport.answers[0]).toMatchObject({ chunksTaken: 1, bodyEnded: false });
		expect((await bytesOf(image.bytes)).length).toBe(65_536 * 8);
	});
});

describe('a data: URL', () => {
	const base64 = Buffer.from(PNG).toString('base64');

	test('is the image itself: nothing is requested, its label does not count', async () => {
		const { transport, image } = await opened([], `data:image/jpeg;base64,${base64}`);
		expect(image).toMatchObject({ mimeType: 'image/png', width: 640, height: 480 });
		expect(await bytesOf(image.bytes)).toEqual(Buffer.from(PNG));
		expect(() => image.close()).not.toThrow();
		expect(transport.requests).toEqual([]);
	});

	test('percent-encoded is the image too', async () => {
		const encoded = Array.from(PNG, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
		const { image } = await opened([], `data:image/png,${encoded}`);
		expect(await bytesOf(image.bytes)).toEqual(Buffer.from(PNG));
	});

	test('that is too large is refused', async () => {
		const link = `data:image/png;base64,${base64}`;
		const error = await providerErrorOf(async () => {
			const { image } = await opened([], link, { largest: 10 });
			return await bytesOf(image.bytes);
		});
		expect(error.kind).toBe('refused');
	});

	test.each([
		'data:image/png;base64,',
		'data:image/png;base64,!!!!',
		'data:image/png;base64',
		'data:,hello',
		'data:text/html,<html></html>',
		'data:image/svg+xml,%3Csvg%2F%3E',
	])('%j is no image', async (link) => {
		expect((await refusedImage([], link)).kind).toBe('protocol');
	});
});

test('a link that cannot be reached is named, not the service', async () => {
	const failure = new ProviderError('network', 'Refused', { code: 'ECONNREFUSED' });
	const transport = new MemoryTransport([failure]);
	const link = 'http://localhost:1/a.png?token=s3cret';
	const error = await providerErrorOf(() => openLink(transport, 'https://a.example', link));
	expect(error).toMatchObject({
		kind: 'network',
		message: "The image's link could not be reached",
	});
	expect(error.details.explanation).toContain('http://localhost:1,');
	expect(error.details.explanation).not.toContain('s3cret');
});

describe('an error status of the link', () => {
	test.each([403, 404, 410, 501])('%i is told as the link’s', async (status) => {
		const error = await refusedImage([{ status, chunks: ['Expired'] }]);
		expect(error).toMatchObject({
			kind: 'http',
			message: `The image's link answered with status ${status}`,
			retryable: false,
			details: { status, serviceMessage: 'Expired' },
		});
	});

	test.each([401, 403, 404])('%i says nothing of the other items', async (status) => {
		expect((await refusedImage([{ status }])).isForEveryItem).toBe(false);
	});

	test('503 may be over at the next try', async () => {
		const headers = { 'retry-after': '2' };
		const error = await refusedImage([{ status: 503, headers }]);
		expect(error).toMatchObject({ retryable: true, details: { retryAfter: 2000 } });
	});

	test('a captcha stays a captcha', async () => {
		expect((await refusedImage([page(CAPTCHA_PAGE, 403)])).kind).toBe('blocked');
	});

	test('a redirect without a location is an error status', async () => {
		expect((await refusedImage([{ status: 302 }])).details.status).toBe(302);
	});
});

describe('the largest image', () => {
	const largest = PNG.length;

	test('of exactly that size is taken', async () => {
		const headers = { 'content-length': String(PNG.length) };
		const { image } = await opened([{ headers, chunks: [PNG] }], LINK, { largest });
		expect((await bytesOf(image.bytes)).length).toBe(PNG.length);
	});

	test('a larger one is refused by its announced length, unread', async () => {
		const headers = { 'content-length': String(PNG.length + 1) };
		const transport = new MemoryTransport([{ headers, chunks: [PNG] }]);
		const error = await providerErrorOf(() => openLink(transport, SERVICE, LINK, { largest }));
		expect(error.kind).toBe('refused');
		expect(error.message).toContain(`${largest} bytes`);
		expect(transport.answers[0]).toMatchObject({ closed: true, chunksTaken: 0 });
	});

	test.each([{}, { 'content-length': '1' }, { 'content-length': 'many' }])(
		'a larger one is refused by counting, announced as %j',
		async (headers) => {
			const chunks = [PNG, Uint8Array.of(0), ...large(65_536 * 4).chunks!];
			const { transport, image } = await opened([{ headers, chunks }], LINK, { largest });
			const error = await providerErrorOf(() => bytesOf(image.bytes));
			expect(error.kind).toBe('refused');
			expect(transport.answers[0]).toMatchObject({ closed: true, bodyEnded: true });
			expect(transport.answers[0]?.chunksTaken).toBeLessThan(chunks.length);
		},
	);

	test('is 100 MB unless the caller says otherwise', async () => {
		const headers = { 'content-length': String(100 * 1024 * 1024 + 1) };
		expect((await refusedImage([{ headers, chunks: [PNG] }])).kind).toBe('refused');
	});
});

describe('letting go', () => {
	test('close() closes the answer', async () => {
		const { transport, image } = await opened([large(65_536 * 2)]);
		expect(transport.answers[0]?.closed).toBe(false);
		image.close();
		expect(transport.answers[0]?.closed).toBe(true);
	});

	test('leaving the bytes early ends the body', async () => {
		const { transport, image } = await opened([large(65_536 * 4)]);
		for await (const chunk of image.bytes) {
			expect(chunk.length).toBe(65_536);
			break;
		}
		expect(transport.answers[0]).toMatchObject({ bodyEnded: true, chunksTaken: 1 });
	});
});

describe('what is no image', () => {
	test('a page', async () => {
		const error = await refusedImage([page(PLAIN_PAGE)]);
		expect(error).toMatchObject({
			kind: 'protocol',
			message: 'The service answered with a web page',
		});
		expect(error.details.serviceMessage).toBe('Welcome to nginx!');
	});

	test('a captcha', async () => {
		expect((await refusedImage([page(CAPTCHA_PAGE)])).kind).toBe('blocked');
	});

	test('nothing', async () => {
		for (const chunks of [[], [new Uint8Array()]]) {
			const error = await refusedImage([{ chunks }]);
			expect(error).toMatchObject({ kind: 'protocol', message: 'The image is empty' });
		}
	});

	test('text is quoted', async () => {
		const error = await refusedImage([{ chunks: ['{"error":"expired s3cret-value"}'] }]);
		expect(error).toMatchObject({
			kind: 'protocol',
			message: 'The service sent something that is not an image',
			details: { serviceMessage: 'expired s3cret-value' },
		});
	});

	test('SVG is a document', async () => {
		const chunks = ['<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'];
		const headers = { 'content-type': 'image/svg+xml' };
		expect((await refusedImage([{ headers, chunks }])).kind).toBe('protocol');
	});

	test('other bytes are not quoted', async () => {
		const error = await refusedImage([{ chunks: [files.join('BM', [0, 1, 0xff])] }]);
		expect(error.kind).toBe('protocol');
		expect(error.details.serviceMessage).toBe('');
	});
});

describe('the bytes of an answer', () => {
	test('are an image as a link’s are', async () => {
		const image = await openContent(streamOf(...byteByByte(PNG)));
		expect(image).toMatchObject({ mimeType: 'image/png', width: 640, height: 480 });
		expect(await bytesOf(image.bytes)).toEqual(Buffer.from(PNG));
	});

	test('that are none are told so', async () => {
		const error = await providerErrorOf(() => openContent(streamOf(files.join('text'))));
		expect(error.kind).toBe('protocol');
	});

	test('are counted against the limit', async () => {
		const image = await openContent(streamOf(PNG), { largest: PNG.length - 1 });
		expect((await providerErrorOf(() => bytesOf(image.bytes))).kind).toBe('refused');
	});
});

describe('redirects', () => {
	test('credentials go along at the service only, and not after another host', async () => {
		const to = (location: string) => ({ status: 302, headers: { location } });
		const { transport } = await opened(
			[to('https://cdn.example/b'), to('https://ai-chats.org/c'), { chunks: [PNG] }],
			'/a.png',
		);
		expect(transport.requests.map(({ authenticated }) => authenticated)).toEqual([
			true,
			false,
			false,
		]);
	});

	test('a loop ends', async () => {
		const answers = Array.from({ length: 9 }, () => ({ status: 302, headers: { location: LINK } }));
		expect((await refusedImage(answers)).kind).toBe('protocol');
	});

	test.each(['file:///etc/passwd', 'data:image/png;base64,AAAA'])(
		'one to %j is refused',
		async (location) => {
			expect((await refusedImage([{ status: 302, headers: { location } }])).kind).toBe('refused');
		},
	);
});

describe('the request', () => {
	test('asks for an image and says honestly who asks, without credentials', async () => {
		const { signal } = new AbortController();
		const { transport } = await opened([{ chunks: [PNG] }], LINK, { signal });
		expect(transport.requests).toEqual([
			{
				method: 'GET',
				url: LINK,
				headers: {
					accept: 'image/*',
					'user-agent': expect.stringMatching(/^n8n-nodes-aichats /) as string,
				},
				signal,
				authenticated: false,
			},
		]);
	});

	test.each([
		['/image.png', 'https://ai-chats.org/image.png'],
		['image.png', 'https://ai-chats.org/base/image.png'],
		['https://ai-chats.org/image.png', 'https://ai-chats.org/image.png'],
	])('%j is of the service itself: credentials go along', async (link, url) => {
		const { transport } = await opened([{ chunks: [PNG] }], link);
		expect(transport.requests[0]).toMatchObject({ url, authenticated: true });
	});

	test.each(['file:///etc/passwd', 'ftp://a/b.png', 'https://u:p@cdn.example/a.png'])(
		'%j is refused before a request',
		async (link) => {
			expect((await refusedImage([], link)).kind).toBe('refused');
		},
	);
});
