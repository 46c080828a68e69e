import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { describe, expect, test } from 'vitest';

import type { ImageOutput } from '../../../../../nodes/AiChats/output/imageOutput.ts';
import { PictureStore } from '../../../../../nodes/AiChats/output/PictureStore.ts';
import { AiChats } from '../../../../../providers/aiChats/AiChats.ts';
import { ImageResponse } from '../../../../../providers/ImageResponse.ts';
import { providerErrorOf } from '../../../../support/failure.mts';
import { itemRun } from '../../../../support/itemRun.mts';
import { type MemoryAnswer, MemoryTransport } from '../../../../support/memoryTransport.mts';
import { gif, png } from '../../../../support/pictures.mts';
import { strict } from '../../../../support/strictContext.mts';
import { streamOf } from '../../../../support/streams.mts';

const PNG = png(3, 2);

function open(kind: ImageOutput['kind'], ...answers: MemoryAnswer[]) {
	const stored: unknown[] = [];
	const helpers = strict('helpers', {
		prepareBinaryData: async (stream: Readable, fileName: string, mimeType: string) => {
			const bytes = await buffer(stream);
			stored.push({ fileName, mimeType, bytes: bytes.length });
			return { data: 'id', mimeType, fileName };
		},
	});
	const transport = new MemoryTransport(answers);
	const output = { kind, property: 'photo', fileName: 'a cat' };
	const store = new PictureStore(itemRun({}, { helpers }), new AiChats(transport), output);
	return { store, stored, transport };
}

function links(...images: string[]): ImageResponse {
	return new ImageResponse(images, 'a cat');
}

describe('as a file', () => {
	test('a picture goes into n8n’s storage, and the item tells of it', async () => {
		const { store, stored, transport } = open('binary', { chunks: [PNG] });
		await store.take(links('/a.png'));
		expect(stored).toEqual([{ fileName: 'a-cat.png', mimeType: 'image/png', bytes: PNG.length }]);
		expect(store.pictures).toEqual([
			{
				json: {
					fileName: 'a-cat.png',
					mimeType: 'image/png',
					bytes: PNG.length,
					width: 3,
					height: 2,
				},
				binary: { photo: { data: 'id', mimeType: 'image/png', fileName: 'a-cat.png' } },
			},
		]);
		expect(transport.answers[0]).toMatchObject({ closed: true, bodyEnded: true });
	});

	test('several pictures are numbered over all of an item’s answers', async () => {
		const { store } = open('binary', { chunks: [PNG] }, { chunks: [gif(1, 1)] }, { chunks: [PNG] });
		await store.take(links('/a.png', '/b'));
		await store.take(links('/c.png'));
		expect(store.pictures.map(({ json }) => json['fileName'])).toEqual([
			'a-cat.png',
			'a-cat-2.gif',
			'a-cat-3.png',
		]);
	});

	test('a size that is not known is null', async () => {
		const { store } = open('binary', { chunks: [Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)] });
		await store.take(links('/a.jpg'));
		expect(store.pictures[0]?.json).toMatchObject({ width: null, height: null });
	});

	test('a picture that came with the answer is stored too', async () => {
		const { store, transport } = open('binary');
		await store.take(new ImageResponse([], 'a cat', streamOf(PNG)));
		expect(store.pictures[0]?.json).toMatchObject({ mimeType: 'image/png', bytes: PNG.length });
		expect(transport.requests).toEqual([]);
	});

	test('a picture that breaks off is none', async () => {
		const { store, transport } = open('binary', { status: 404 });
		expect((await providerErrorOf(() => store.take(links('/a.png')))).kind).toBe('http');
		expect(store.pictures).toEqual([]);
		expect(transport.letGoOfAll).toBe(true);
	});
});

describe('as a link', () => {
	test('it is made absolute and not opened', async () => {
		const { store, transport } = open('url');
		await store.take(links('/a.png', 'https://cdn.example/b.png'));
		expect(store.pictures).toEqual([
			{ json: { url: 'https://ai-chats.org/a.png' } },
			{ json: { url: 'https://cdn.example/b.png' } },
		]);
		expect(transport.requests).toEqual([]);
	});

	test('an unsafe one is refused', async () => {
		const { store } = open('url');
		const error = await providerErrorOf(() => store.take(links('file:///etc/passwd')));
		expect(error.kind).toBe('refused');
	});

	test('a secret that is cut short where a refused one is quoted does not show', async () => {
		const { store } = open('url');
		const link = `ftp://a/${'x'.repeat(88)}s3cret-value`;
		const error = await providerErrorOf(() => store.take(links(link)));
		expect(error.details.explanation).not.toContain('s3');
	});

	test('a picture that came with the answer has none', async () => {
		const { store } = open('url');
		const image = new ImageResponse([], 'a cat', streamOf(PNG));
		const error = await providerErrorOf(() => store.take(image));
		expect(error).toMatchObject({ kind: 'refused' });
		expect(error.details.explanation).toContain('Binary File');
	});
});

describe('as both', () => {
	test('the file comes with its link', async () => {
		const { store } = open('both', { chunks: [PNG] });
		await store.take(links('/a.png'));
		expect(store.pictures[0]).toMatchObject({
			json: { url: 'https://ai-chats.org/a.png', fileName: 'a-cat.png' },
			binary: { photo: { data: 'id' } },
		});
	});

	test('a picture that came with the answer has no link', async () => {
		const { store } = open('both');
		await store.take(new ImageResponse([], 'a cat', streamOf(PNG)));
		expect(store.pictures[0]?.json).toMatchObject({ url: null, fileName: 'a-cat.png' });
	});
});
