import { describe, expect, it } from 'vitest';

import { drawn, itemWithImages } from './drawnImage.mts';
import { failureOf } from './failure.mts';
import { openAiChat } from './parameters.mts';
import { conversations } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const IMAGES = { photo: { type: 'jpeg' }, data: { type: 'webp' } } as const;

async function dataUrl(name: keyof typeof IMAGES): Promise<string> {
	const { type } = IMAGES[name];
	return `data:image/${type};base64,${(await drawn(name, { type })).toString('base64')}`;
}

describe.each(['filesystem', 'default'] as const)('Vision in binary mode %s', (binaryDataMode) => {
	const bench = useBench({ engine: { binaryDataMode } });

	it('shows one image to the model', async () => {
		const options = { imageFields: 'photo' };
		const run = await bench().run(openAiChat('What is this?', { options }), [
			await itemWithImages(IMAGES),
		]);
		expect(conversations(bench())).toEqual([
			[
				{
					role: 'user',
					content: [
						{ type: 'text', text: 'What is this?' },
						{ type: 'image_url', image_url: { url: await dataUrl('photo') } },
					],
				},
			],
		]);
		const { length } = await drawn('photo', IMAGES.photo);
		const { text } = run.items(NODE)[0]!.json;
		expect(text).toContain(`It came with 1 image: image/jpeg of ${length} bytes.`);
		expect(run.items(NODE)[0]?.pairedItem).toEqual({ item: 0 });
	});

	it('shows several, in the order of their names, as closely as wanted', async () => {
		const options = { imageFields: 'photo, data', imageDetail: 'low' };
		await bench().run(openAiChat('Compare.', { options }), [await itemWithImages(IMAGES)]);
		const parts = [
			{ type: 'text', text: 'Compare.' },
			{ type: 'image_url', image_url: { url: await dataUrl('photo'), detail: 'low' } },
			{ type: 'image_url', image_url: { url: await dataUrl('data'), detail: 'low' } },
		];
		expect(conversations(bench())).toEqual([[{ role: 'user', content: parts }]]);
	});

	it("shows every item's own image", async () => {
		const items = await Promise.all(
			['kite', 'boat'].map(async (name) => {
				const data = (await drawn(name)).toString('base64');
				return { json: {}, binary: { data: { data, mimeType: 'image/png' } } };
			}),
		);
		const options = { imageFields: 'data', parallelRequests: 1 };
		await bench().run(openAiChat('What is this?', { options }), items);
		for (const [index, name] of ['kite', 'boat'].entries()) {
			const base64 = (await drawn(name)).toString('base64');
			expect(JSON.stringify(conversations(bench())[index])).toContain(base64);
		}
	});

	it('looks at the bytes for the type, not at the label', async () => {
		const data = (await drawn('kite', { type: 'gif' })).toString('base64');
		const item = { json: {}, binary: { data: { data, mimeType: 'image/png' } } };
		await bench().run(openAiChat('What?', { options: { imageFields: 'data' } }), [item]);
		expect(JSON.stringify(conversations(bench()))).toContain('data:image/gif;base64,');
	});

	it('names the field that is not there, and asks nobody', async () => {
		const parameters = openAiChat('What?', { options: { imageFields: 'missing' } });
		const failure = await failureOf(bench(), parameters);
		expect(`${failure.message} ${failure.details.description}`).toContain("'missing'");
		expect(failure.details).toMatchObject({ kind: 'input', attempts: 0 });
		expect(bench().service.requests).toEqual([]);
	});
});
