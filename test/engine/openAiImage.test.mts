import { describe, expect, it } from 'vitest';

import type { ImageType } from '../../dev/service/images/image.mts';
import { drawn } from './drawnImage.mts';
import { failureOf } from './failure.mts';
import { model, openAiImage } from './parameters.mts';
import { runAt } from './runAt.mts';
import { bodies, toImages } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';
import { startWebSite } from './webSite.mts';

describe('Image with an OpenAI-compatible server', () => {
	const bench = useBench();

	it('sends every option under its name on the wire', async () => {
		const options = {
			fileName: 'kite',
			count: 2,
			size: '64x32',
			quality: 'high',
			style: 'natural',
			background: 'transparent',
			outputFormat: 'webp',
			responseFormat: 'b64_json',
			extraBody: { user: 'me', quality: 'low' },
		};
		const chosen = { provider: 'openAiCompatible', ...model('gpt-image-1') };
		await bench().run({ operation: 'image', ...chosen, prompt: 'a red kite', options });
		expect(bench().service.requests[0]?.path).toBe('/v1/images/generations');
		expect(bodies(bench())).toEqual([
			{
				model: 'gpt-image-1',
				prompt: 'a red kite',
				n: 2,
				size: '64x32',
				quality: 'low',
				style: 'natural',
				background: 'transparent',
				output_format: 'webp',
				response_format: 'b64_json',
				user: 'me',
			},
		]);
	});

	it('sends nothing that was not set', async () => {
		const prompt = 'a red kite [[size width=8 height=8]]';
		const chosen = { provider: 'openAiCompatible', ...model('gpt-image-1') };
		await bench().run({ operation: 'image', ...chosen, prompt });
		expect(bodies(bench())).toEqual([{ model: 'gpt-image-1', prompt }]);
	});

	it.each([
		['in base64', 'gpt-image-1', {}],
		['in base64 where that was asked for', 'dall-e-3', { responseFormat: 'b64_json' }],
		['as a link', 'dall-e-3', { responseFormat: 'url' }],
	])('takes an image that comes %s', async (_, id, options) => {
		const run = await bench().run(openAiImage('a red kite', { ...model(id), options }));
		const [item] = run.items(NODE);
		expect((await run.binary(item!)).equals(await drawn('a red kite'))).toBe(true);
		expect(item?.json).toMatchObject({ model: id, mimeType: 'image/png', width: 48, height: 32 });
	});

	it('takes an image that comes as a data URL', async () => {
		const prompt = 'a red kite [[url kind=data]]';
		const run = await bench().run(openAiImage(prompt, model('dall-e-3')));
		expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('a red kite'))).toBe(true);
		expect(toImages(bench())).toEqual([]);
	});

	it('tells the revised prompt and what it cost', async () => {
		const revising = await bench().run(openAiImage('a red kite', model('dall-e-3')));
		expect(revising.items(NODE)[0]?.json).toMatchObject({
			prompt: expect.stringContaining('a red kite'),
			revisedPrompt: 'a red kite, in soft morning light',
		});
		expect(revising.items(NODE)[0]?.json).not.toHaveProperty('usage');
		const counting = await bench().run(openAiImage('a red kite'));
		expect(counting.items(NODE)[0]?.json['usage']).toMatchObject({
			promptTokens: 3,
			completionTokens: 2,
			totalTokens: 5,
		});
		expect(counting.items(NODE)[0]?.json).not.toHaveProperty('revisedPrompt');
	});

	it.each(['gpt-image-1', 'dall-e-3'])(
		'gives several images of %s items of their own with the same lineage',
		async (id) => {
			const parameters = openAiImage('kite', { ...model(id), options: { count: 3 } });
			const run = await bench().run(parameters, [{ json: {} }, { json: {} }]);
			expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 0, 0, 1, 1, 1].map((item) => ({ item })),
			);
			for (const [index, item] of run.items(NODE).entries()) {
				const expected = await drawn('kite', { note: `image ${(index % 3) + 1} of 3` });
				expect((await run.binary(item)).equals(expected)).toBe(true);
			}
		},
	);

	it.each([
		['png', 'png'],
		['jpeg', 'jpg'],
		['webp', 'webp'],
	] as Array<[ImageType, string]>)('names a file in %s with .%s', async (type, extension) => {
		const options = { outputFormat: type, fileName: 'kite' };
		const run = await bench().run(openAiImage('a red kite', { options }));
		const [item] = run.items(NODE);
		expect(item?.json).toMatchObject({ fileName: `kite.${extension}`, mimeType: `image/${type}` });
		expect((await run.binary(item!)).equals(await drawn('a red kite', { type }))).toBe(true);
	});

	it('returns only the link where that is wanted', async () => {
		const more = { ...model('dall-e-3'), imageOutput: 'url' };
		const run = await bench().run(openAiImage('a red kite', more));
		const { imagesUrl } = bench().service;
		expect(run.items(NODE)[0]?.json['url']).toContain(`${imagesUrl}/image/`);
		expect(run.items(NODE)[0]).not.toHaveProperty('binary');
		expect(toImages(bench())).toEqual([]);
	});

	it('stores the image itself where a link is wanted and none came, and says so', async () => {
		const run = await bench().run(openAiImage('a red kite', { imageOutput: 'url' }));
		const [item] = run.items(NODE);
		expect((await run.binary(item!)).equals(await drawn('a red kite'))).toBe(true);
		expect(run.hints(NODE).map(({ message }) => message)).toContainEqual(
			expect.stringContaining('sent no link, so the image was stored as a file'),
		);
	});

	it('leaves a revised prompt with its image where one before it failed', async () => {
		const data = [
			{ url: 'file:///etc/passwd', revised_prompt: 'One' },
			{ url: 'https://cdn.example/b.png', revised_prompt: 'Two' },
		];
		const site = await startWebSite('application/json', JSON.stringify({ data }));
		try {
			const run = await runAt(site.url, openAiImage('kite', { imageOutput: 'url' }));
			const items = run.items(NODE);
			expect(items).toHaveLength(1);
			expect(items[0]?.json).toMatchObject({
				url: 'https://cdn.example/b.png',
				revisedPrompt: 'Two',
				failedImages: [expect.any(String)],
			});
		} finally {
			await site.close();
		}
	});

	it('keeps an image that came before the answer broke, and says what happened', async () => {
		const run = await bench().run(openAiImage('kite [[bytes total=9000]] [[broken-json]]'));
		const [item, ...others] = run.items(NODE);
		expect(others).toEqual([]);
		expect(await run.binary(item!)).toHaveLength(9000);
		expect(item?.json['failedImages']).toEqual([expect.stringContaining('broken JSON')]);
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(run.hints(NODE).map(({ message }) => message)).toContainEqual(
			expect.stringContaining('Not every image arrived'),
		);
	});

	it.each([
		['no-data', 'Unexpected response format: no images', 'protocol'],
		['empty-array', 'Unexpected response format: no images', 'protocol'],
		['no-url', 'No image URL found in the response', 'protocol'],
		['error-200', 'The service reports an error', 'http'],
		['array-error', 'The service reports an error', 'http'],
		['captcha', 'The service asks for a captcha', 'blocked'],
		['status code=400 body=azure', 'The service answered with status 400', 'http'],
		['cut after=3000', 'The answer broke off', 'truncated'],
		['reset-after fragments=3000', 'The answer broke off', 'truncated'],
	])('fails with %s', async (directive, message, kind) => {
		const parameters = openAiImage(`kite [[bytes total=9000]] [[${directive}]]`);
		const failure = await failureOf(bench(), parameters);
		expect(failure).toMatchObject({ message, details: { kind } });
	});

	it('refuses an image over the largest size that comes in base64', async () => {
		const parameters = openAiImage('kite [[bytes total=1048577]]', {
			options: { maxImageSize: 1 },
		});
		const failure = await failureOf(bench(), parameters);
		expect(failure.message).toBe('The image is larger than 1 MB');
	});
});
