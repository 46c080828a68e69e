import { describe, expect, it } from 'vitest';

import { drawn } from './drawnImage.mts';
import { image, model } from './parameters.mts';
import { history, toImages } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

describe('Image with Ai-Chats', () => {
	const bench = useBench();

	it('turns a prompt into a file with its lineage', async () => {
		const run = await bench().run(image('a red kite'));
		const expected = await drawn('a red kite');
		const [item, ...others] = run.items(NODE);
		expect(others).toEqual([]);
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(item?.json).toEqual({
			prompt: 'a red kite [[size width=48 height=32]]',
			model: 'dalle',
			fileName: 'a-red-kite-size-width-48-height-32.png',
			mimeType: 'image/png',
			bytes: expected.length,
			width: 48,
			height: 32,
		});
		expect(item?.binary?.['data']).toMatchObject({
			fileName: 'a-red-kite-size-width-48-height-32.png',
			mimeType: 'image/png',
			fileExtension: 'png',
			fileType: 'image',
			id: expect.stringMatching(/^filesystem/),
		});
		expect((await run.binary(item!)).equals(expected)).toBe(true);
	});

	it('asks as the protocol page says', async () => {
		await bench().run({ operation: 'image', prompt: 'a red kite [[size width=8 height=8]]' });
		const [post, get, ...others] = bench().service.requests;
		expect(others).toEqual([]);
		expect(post).toMatchObject({
			method: 'POST',
			path: '/chat/send2/',
			body: {
				type: 'image',
				messagesHistory: [{ from: 'you', content: 'a red kite [[size width=8 height=8]]' }],
			},
			headers: { referer: `${bench().service.url}/image/`, 'content-type': 'application/json' },
		});
		expect(get).toMatchObject({
			method: 'GET',
			origin: 'images',
			headers: { accept: 'image/*' },
		});
	});

	it('returns only the link where that is wanted, and does not fetch the image', async () => {
		const run = await bench().run(image('a red kite', { imageOutput: 'url' }));
		const [item] = run.items(NODE);
		expect(item).toEqual({
			json: {
				prompt: 'a red kite [[size width=48 height=32]]',
				model: 'dalle',
				url: expect.stringContaining(`${bench().service.imagesUrl}/image/`),
			},
			pairedItem: { item: 0 },
		});
		expect(toImages(bench())).toEqual([]);
	});

	it('returns file and link where both are wanted', async () => {
		const run = await bench().run(image('a red kite', { imageOutput: 'both' }));
		const [item] = run.items(NODE);
		const { path } = toImages(bench())[0]!;
		expect(item?.json).toMatchObject({ url: bench().service.imagesUrl + path, width: 48 });
		expect((await run.binary(item!)).equals(await drawn('a red kite'))).toBe(true);
	});

	it('makes a relative link absolute', async () => {
		const prompt = 'a red kite [[url kind=relative]]';
		const run = await bench().run(image(prompt, { imageOutput: 'both' }));
		const [item] = run.items(NODE);
		expect(item?.json['url']).toMatch(new RegExp(`^${bench().service.url}/image/`));
		expect((await run.binary(item!)).equals(await drawn('a red kite'))).toBe(true);
	});

	it('takes an image out of a data URL', async () => {
		const run = await bench().run(image('a red kite [[url kind=data]]'));
		expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('a red kite'))).toBe(true);
		expect(toImages(bench())).toEqual([]);
	});

	it('gives every one of several images an item with the same lineage', async () => {
		const items = [{ json: { name: 'kite' } }, { json: { name: 'boat' } }];
		const run = await bench().run(image('={{ $json.name }} [[images count=3]]'), items);
		expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 0, 1, 1, 1].map((item) => ({ item })),
		);
		for (const [index, item] of run.items(NODE).entries()) {
			const note = `image ${(index % 3) + 1} of 3`;
			const expected = await drawn(index < 3 ? 'kite' : 'boat', { note });
			expect((await run.binary(item)).equals(expected)).toBe(true);
		}
	});

	it('resolves expressions in every field for each item', async () => {
		const parameters = image('={{ $json.name }}', {
			...model('={{ $json.model }}'),
			imageOutput: '={{ $json.output }}',
			binaryPropertyName: '={{ $json.field }}',
			options: { fileName: '={{ $json.file }}' },
		});
		const run = await bench().run(parameters, [
			{ json: { name: 'a', model: 'dalle', output: 'binary', field: 'one', file: 'first' } },
			{ json: { name: 'b', model: 'dalle', output: 'both', field: 'two', file: 'second' } },
		]);
		const files = run
			.items(NODE)
			.map(({ binary = {} }) =>
				Object.entries(binary).map(([field, { fileName }]) => [field, fileName]),
			);
		expect(files).toEqual([[['one', 'first.png']], [['two', 'second.png']]]);
		expect(run.items(NODE).map(({ json }) => 'url' in json)).toEqual([false, true]);
	});

	it('sends the whole prompt and nothing else', async () => {
		const prompt = 'one\ntwo — 漢字';
		await bench().run({ operation: 'image', prompt, imageOutput: 'url' });
		expect(history(bench())).toEqual([{ from: 'you', content: prompt }]);
	});
});
