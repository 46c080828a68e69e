import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { AiChats } from '../../../providers/aiChats/AiChats.ts';
import type { Reply } from '../../../providers/collectReply.ts';
import { ImageResponse } from '../../../providers/types.ts';
import { gif, png } from '../../../test/support/images.mts';
import { itemRun } from '../../../test/support/itemRun.mts';
import { type MemoryAnswer, MemoryTransport } from '../../../test/support/memoryTransport.mts';
import { streamOf } from '../../../test/support/streams.mts';
import { strict } from '../../../test/support/strictContext.mts';
import type { ImageOutput } from '../fields/imageOutput.ts';
import { imageItems } from './image.operation.ts';
import { imageFileName, ImageSink } from './storeImages.ts';

const PNG = png(3, 2);

function open(kind: ImageOutput['kind'], ...answers: MemoryAnswer[]) {
	return openAt(1024 * 1024, kind, ...answers);
}

function openAt(largest: number, kind: ImageOutput['kind'], ...answers: MemoryAnswer[]) {
	const stored: unknown[] = [];
	const helpers = strict('helpers', {
		prepareBinaryData: async (stream: Readable, fileName: string, mimeType: string) => {
			const bytes = await buffer(stream);
			stored.push({ fileName, mimeType, bytes: bytes.length });
			return { data: 'id', mimeType, fileName };
		},
	});
	const transport = new MemoryTransport(answers);
	const output = { kind, property: 'photo', fileName: 'a cat', largest };
	const store = new ImageSink(itemRun({}, { helpers }), new AiChats(transport), output);
	return { store, stored, transport };
}

function links(...images: string[]): ImageResponse {
	return new ImageResponse(images, 'a cat');
}

describe('as a file', () => {
	test('an image goes into n8n’s storage, and the item tells of it', async () => {
		const { store, stored, transport } = open('binary', { chunks: [PNG] });
		await store.take(links('/a.png'));
		expect(stored).toEqual([{ fileName: 'a-cat.png', mimeType: 'image/png', bytes: PNG.length }]);
		expect(store.images).toEqual([
			{
				position: 0,
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

	test('several images are numbered over all of an item’s answers', async () => {
		const { store } = open('binary', { chunks: [PNG] }, { chunks: [gif(1, 1)] }, { chunks: [PNG] });
		await store.take(links('/a.png', '/b'));
		await store.take(links('/c.png'));
		expect(store.images.map(({ json }) => json['fileName'])).toEqual([
			'a-cat.png',
			'a-cat-2.gif',
			'a-cat-3.png',
		]);
	});

	test('a size that is not known is null', async () => {
		const { store } = open('binary', {
			chunks: [Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0xff, 0xd9)],
		});
		await store.take(links('/a.jpg'));
		expect(store.images[0]?.json).toMatchObject({ width: null, height: null });
	});

	test('an image that came with the answer is stored too', async () => {
		const { store, transport } = open('binary');
		await store.take(new ImageResponse([], 'a cat', streamOf(PNG)));
		expect(store.images[0]?.json).toMatchObject({ mimeType: 'image/png', bytes: PNG.length });
		expect(transport.requests).toEqual([]);
	});

	test('an image that breaks off is none', async () => {
		const { store, transport } = open('binary', { status: 404 });
		await store.take(links('/a.png'));
		expect(store.failures).toMatchObject([{ kind: 'http' }]);
		expect(store.images).toEqual([]);
		expect(transport.letGoOfAll).toBe(true);
	});
});

describe('several images', () => {
	test('one that cannot be had leaves the others, and is noted', async () => {
		const { store } = open('binary', { chunks: [PNG] }, { status: 403 }, { chunks: [PNG] });
		await store.take(links('/a.png', '/b.png', '/c.png'));
		expect(store.images.map(({ json }) => json['fileName'])).toEqual(['a-cat.png', 'a-cat-2.png']);
		expect(store.failures).toMatchObject([{ kind: 'http', details: { status: 403 } }]);
	});

	test('may not be larger than ten of the largest together', async () => {
		const answers = Array.from({ length: 12 }, () => ({ chunks: [PNG] }));
		const { store } = openAt(PNG.length, 'binary', ...answers);
		await store.take(links(...answers.map((_, index) => `/${index}.png`)));
		expect(store.images).toHaveLength(10);
		expect(store.failures).toMatchObject([{ kind: 'refused' }, { kind: 'refused' }]);
	});
});

describe('as a link', () => {
	test('it is made absolute and not opened', async () => {
		const { store, transport } = open('url');
		await store.take(links('/a.png', 'https://cdn.example/b.png'));
		expect(store.images).toEqual([
			{ position: 0, json: { url: 'https://ai-chats.org/a.png' } },
			{ position: 1, json: { url: 'https://cdn.example/b.png' } },
		]);
		expect(transport.requests).toEqual([]);
	});

	test('an unsafe one is refused', async () => {
		const { store } = open('url');
		await store.take(links('file:///etc/passwd'));
		expect(store.failures).toMatchObject([{ kind: 'refused' }]);
	});

	test('an image that came with the answer has none: it is stored, as it is paid for', async () => {
		const { store } = open('url');
		await store.take(new ImageResponse([], 'a cat', streamOf(PNG)));
		expect(store.images[0]?.json).toMatchObject({ mimeType: 'image/png', bytes: PNG.length });
	});
});

describe('as both', () => {
	test('the file comes with its link', async () => {
		const { store } = open('both', { chunks: [PNG] });
		await store.take(links('/a.png'));
		expect(store.images[0]).toMatchObject({
			json: { url: 'https://ai-chats.org/a.png', fileName: 'a-cat.png' },
			binary: { photo: { data: 'id' } },
		});
	});

	test('an image that came with the answer has no link', async () => {
		const { store } = open('both');
		await store.take(new ImageResponse([], 'a cat', streamOf(PNG)));
		expect(store.images[0]?.json).toMatchObject({ url: null, fileName: 'a-cat.png' });
	});
});

test.each([
	['lighthouse', 'lighthouse.png'],
	['CON', 'image-CON.png'],
	['COM¹', 'image-COM¹.png'],
	['lpt³.tar', 'image-lpt³.tar.png'],
	['nul.png', 'image-nul.png'],
	['lpt9.tar', 'image-lpt9.tar.png'],
	['console', 'console.png'],
	['A lighthouse at dusk', 'A-lighthouse-at-dusk.png'],
	['v1.2_final-b', 'v1.2_final-b.png'],
	['Größe 漢字', 'Größe-漢字.png'],
	['Gro\u0308ße', 'Größe.png'],
	['../../etc/passwd', 'etc-passwd.png'],
	['C:\\Windows\\system32', 'C-Windows-system32.png'],
	['/absolute/path', 'absolute-path.png'],
	['..', 'image.png'],
	['...hidden...', 'hidden.png'],
	['a..b', 'a.b.png'],
	['a\0b\nc\td\x7fe', 'a-b-c-d-e.png'],
	['😀 smile 😀', 'smile.png'],
	['evil\u202Egnp.exe', 'evil-gnp.exe.png'],
	['a\u200Bb', 'a-b.png'],
	['"<>|:*?', 'image.png'],
	['', 'image.png'],
	['  ', 'image.png'],
	['😀', 'image.png'],
	['photo.jpg', 'photo.png'],
	['photo.JPEG', 'photo.png'],
	['photo.svg', 'photo.png'],
	['photo.tiff', 'photo.png'],
	['photo.jpg ', 'photo.png'],
	['photo.txt', 'photo.txt.png'],
	['.png', 'image.png'],
])('%j becomes %j', (wish, name) => {
	expect(imageFileName(wish, 'png', 1)).toBe(name);
});

test('the extension is that of the bytes', () => {
	expect(imageFileName('photo.png', 'avif', 1)).toBe('photo.avif');
});

test('images after the first have their number', () => {
	expect([1, 2, 10].map((number) => imageFileName('a.png', 'png', number))).toEqual([
		'a.png',
		'a-2.png',
		'a-10.png',
	]);
	expect(imageFileName('', 'png', 2)).toBe('image-2.png');
});

test('a long wish is cut, between characters and not at a dash', () => {
	expect(imageFileName('x'.repeat(500), 'png', 1)).toBe(`${'x'.repeat(60)}.png`);
	expect(imageFileName(`${'x'.repeat(59)} y`, 'png', 1)).toBe(`${'x'.repeat(59)}.png`);
	expect(imageFileName('𠀀'.repeat(80), 'png', 1)).toBe(`${'𠀀'.repeat(60)}.png`);
});

test('whatever is wished for, the name is a safe one', () => {
	const wish = fc.string({ unit: 'binary', maxLength: 120 });
	fc.assert(
		fc.property(wish, fc.integer({ min: 1, max: 10 }), (text, number) => {
			const name = imageFileName(text, 'webp', number);
			expect(name).toMatch(/^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}._-]*\.webp$/u);
			expect(name).not.toContain('..');
			expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
		}),
		{ numRuns: 500 },
	);
});

const REPLY: Reply = {
	text: '',
	reasoning: '',
	toolCalls: [],
	images: [],
	revisedPrompts: [],
	failedImages: [],
	notes: [],
	sources: [],
	fragments: 0,
};

test('each image is an item, paired with its input', () => {
	const binary = { data: { data: 'id', mimeType: 'image/png' } };
	const images = [
		{ position: 0, json: { fileName: 'a.png' }, binary },
		{ position: 1, json: { url: 'https://a/b.png' } },
	];
	const items = imageItems(itemRun({}, {}, 2), images, { prompt: 'a cat' }, REPLY, []);
	expect(items).toEqual([
		{ json: { prompt: 'a cat', fileName: 'a.png' }, binary, pairedItem: { item: 2 } },
		{ json: { prompt: 'a cat', url: 'https://a/b.png' }, pairedItem: { item: 2 } },
	]);
	expect('binary' in items[1]!).toBe(false);
});

test('a revised prompt stays with its image where one before it failed', async () => {
	const { store } = open('binary', { status: 403 }, { chunks: [PNG] });
	await store.take(links('/a.png', '/b.png'));
	const reply = { ...REPLY, revisedPrompts: ['a black cat', 'a grey cat'] };
	const items = imageItems(itemRun({}), store.images, {}, reply, []);
	expect(items.map(({ json }) => json['revisedPrompt'])).toEqual(['a grey cat']);
});

test('revised prompts go to their images', () => {
	const reply = { ...REPLY, revisedPrompts: [undefined, 'a grey cat'] };
	const items = imageItems(
		itemRun({}),
		[0, 1].map((position) => ({ position, json: {} })),
		{},
		reply,
		[],
	);
	expect(items.map(({ json }) => json)).toEqual([{}, { revisedPrompt: 'a grey cat' }]);
});
