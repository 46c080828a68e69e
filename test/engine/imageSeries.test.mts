import { describe, expect, it } from 'vitest';

import { drawn, itemWithImages } from './drawnImage.mts';
import { openAiImage } from './parameters.mts';
import { bodies, formFields, parts } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const REFERENCES = { hero: { type: 'jpeg' }, friend: {}, place: { type: 'webp' } } as const;
const LEFT_OUT = "The model 'gpt-image-1' does not take 'seed', so it was left out";

describe('A series of images', () => {
	const bench = useBench();

	it('takes several reference images, in their order, with the seed', async () => {
		const parameters = openAiImage('The hero meets her friend at this place', {
			sourceFields: 'hero, friend, place',
			options: { seed: 7 },
		});
		const run = await bench().run(parameters, [await itemWithImages(REFERENCES)]);
		const files = parts(bench()).filter(({ fileName }) => fileName !== undefined);
		expect(files.map(({ name, contentType }) => [name, contentType])).toEqual([
			['image[]', 'image/jpeg'],
			['image[]', 'image/png'],
			['image[]', 'image/webp'],
		]);
		for (const [index, name] of (['hero', 'friend', 'place'] as const).entries()) {
			expect(files[index]?.bytes.equals(await drawn(name, REFERENCES[name]))).toBe(true);
		}
		expect(formFields(bench())).toMatchObject({ model: 'gpt-image-1', seed: '7' });
		expect(run.items(NODE)).toHaveLength(1);
		expect(run.items(NODE)[0]?.pairedItem).toEqual({ item: 0 });
	});

	it.each([0, 7, -3])('sends the seed %j', async (seed) => {
		await bench().run(openAiImage('kite', { options: { seed } }));
		expect(bodies(bench())).toMatchObject([{ seed }]);
	});

	it('leaves the seed out, with a hint, where the model refuses it', async () => {
		const items = [{ json: {} }, { json: {} }];
		const options = { seed: 7, parallelRequests: 1 };
		const run = await bench().run(openAiImage('kite [[refuse-seed]]', { options }), items);
		expect(bodies(bench()).map(({ seed }) => seed)).toEqual([7, undefined, undefined]);
		expect(run.items(NODE)).toHaveLength(2);
		for (const item of run.items(NODE)) {
			expect((await run.binary(item)).equals(await drawn('kite'))).toBe(true);
		}
		expect(run.hints(NODE).map(({ message }) => message)).toContain(`${LEFT_OUT} (2 of 2 items)`);
	});
});
