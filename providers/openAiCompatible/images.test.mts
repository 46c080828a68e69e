import { expect, test } from 'vitest';

import { png } from '../../test/support/images.mts';
import { json, MemoryTransport } from '../../test/support/memoryTransport.mts';
import { collect } from '../../test/support/streams.mts';
import type { GenerateOptions, ImageFile, ProviderChunk } from '../types.ts';
import { imageChunks, imageRequest } from './images.ts';

async function chunksOf(answer: unknown): Promise<ProviderChunk[]> {
	const transport = new MemoryTransport([json(answer)]);
	const request = { method: 'POST', url: 'https://a/', headers: {}, authenticated: true } as const;
	return await collect(imageChunks(await transport.send(request), 'A cat'));
}

test('the usage comes behind the images', async () => {
	const data = [{ url: 'https://a/b.png' }];
	const chunks = await chunksOf({ data, usage: { input_tokens: 1, output_tokens: 2 } });
	expect(chunks.map(({ type }) => type)).toEqual(['image', 'revisedPrompts', 'usage']);
	expect(chunks.at(-1)).toMatchObject({ usage: { promptTokens: 1, completionTokens: 2 } });
});

test('an answer without usage has none', async () => {
	const chunks = await chunksOf({ data: [{ url: 'https://a/b.png' }], usage: null });
	expect(chunks.map(({ type }) => type)).toEqual(['image', 'revisedPrompts']);
});

function request(options: GenerateOptions = {}) {
	return imageRequest('https://a.example/v1', 'm', 'A cat', options);
}

function file(fileName: string): ImageFile {
	return { fileName, mimeType: 'image/png', bytes: png(1, 1) };
}

async function form({ headers, body }: ReturnType<typeof request>): Promise<FormData> {
	const type = { 'content-type': headers['content-type'] ?? '' };
	return await new Response(body as BodyInit, { headers: type }).formData();
}

test('from the prompt alone it is JSON of what was set', () => {
	const { method, url, headers, body } = request();
	expect([method, url]).toEqual(['POST', 'https://a.example/v1/images/generations']);
	expect(headers).toMatchObject({ accept: 'application/json', 'content-type': 'application/json' });
	expect(JSON.parse(String(body))).toEqual({ model: 'm', prompt: 'A cat' });
});

test('every option has its field, and the user’s own win', () => {
	const image = {
		count: 2,
		size: '1x1',
		quality: 'low',
		style: 'vivid',
		background: 'opaque',
		outputFormat: 'webp',
		responseFormat: 'b64_json',
	};
	const { body } = request({ image, extraBody: { quality: 'high', steps: 4 } });
	expect(JSON.parse(String(body))).toEqual({
		model: 'm',
		prompt: 'A cat',
		n: 2,
		size: '1x1',
		quality: 'high',
		style: 'vivid',
		background: 'opaque',
		output_format: 'webp',
		response_format: 'b64_json',
		steps: 4,
	});
});

test('an empty list of sources is no edit', () => {
	expect(request({ image: { sources: [], mask: file('mask') } }).url).toMatch(/generations$/);
});

test.each([
	[['a.png'], 'image'],
	[['a.png', 'b.png'], 'image[]'],
])('the sources %j are uploaded as %j', async (names, field) => {
	const edit = request({ image: { sources: names.map(file), count: 2 } });
	expect(edit.url).toBe('https://a.example/v1/images/edits');
	const received = await form(edit);
	expect([received.get('model'), received.get('prompt'), received.get('n')]).toEqual([
		'm',
		'A cat',
		'2',
	]);
	const files = received.getAll(field) as File[];
	expect(files.map(({ name, type }) => [name, type])).toEqual(
		names.map((name) => [name, 'image/png']),
	);
	expect(received.has('mask')).toBe(false);
});

test('a mask goes along with its image', async () => {
	const received = await form(
		request({ image: { sources: [file('a.png')], mask: file('m.png') } }),
	);
	expect((received.get('mask') as File).name).toBe('m.png');
});

test('the signal goes along', () => {
	const { signal } = new AbortController();
	expect(request({ signal }).signal).toBe(signal);
});
