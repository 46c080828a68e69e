import { expect, test } from 'vitest';

import { imageRequest } from '../../../../providers/openAiCompatible/imageRequest.ts';
import type { GenerateOptions, ImageFile } from '../../../../providers/options.ts';
import { png } from '../../../support/pictures.mts';

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

test('a mask goes along with its picture', async () => {
	const received = await form(
		request({ image: { sources: [file('a.png')], mask: file('m.png') } }),
	);
	expect((received.get('mask') as File).name).toBe('m.png');
});

test('the signal goes along', () => {
	const { signal } = new AbortController();
	expect(request({ signal }).signal).toBe(signal);
});
