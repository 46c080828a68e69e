import { describe, expect, it } from 'vitest';

import { drawn, itemWithImages } from './drawnImage.mts';
import { failureOf } from './failure.mts';
import { openAiImage } from './parameters.mts';
import { formFields, parts } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const IMAGES = { photo: { type: 'jpeg' }, second: {}, mask: { transparent: true } } as const;

describe.each(['filesystem', 'default'] as const)('Edits in binary mode %s', (binaryDataMode) => {
	const bench = useBench({ engine: { binaryDataMode } });

	async function edit(sourceFields: string, options = {}) {
		const parameters = openAiImage('Make it blue', { sourceFields, options });
		const run = await bench().run(parameters, [await itemWithImages(IMAGES)]);
		expect(run.error).toBeUndefined();
		return run;
	}

	async function expectFile(index: number, name: string, field: keyof typeof IMAGES) {
		const files = parts(bench()).filter(({ fileName }) => fileName !== undefined);
		const type = field === 'photo' ? 'jpeg' : 'png';
		const { bytes, ...head } = files[index]!;
		expect(head).toEqual({ name, fileName: `${field}.${type}`, contentType: `image/${type}` });
		expect(bytes.equals(await drawn(field, IMAGES[field]))).toBe(true);
		return files.length;
	}

	it('sends one source as `image`', async () => {
		const run = await edit('photo');
		expect(bench().service.requests[0]).toMatchObject({
			method: 'POST',
			path: '/v1/images/edits',
			headers: { 'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/) },
		});
		expect(await expectFile(0, 'image', 'photo')).toBe(1);
		const { length } = await drawn('photo', IMAGES.photo);
		const expected = await drawn('Make it blue', { note: `1 image of ${length} bytes came in` });
		const [item] = run.items(NODE);
		expect((await run.binary(item!)).equals(expected)).toBe(true);
		expect(item?.pairedItem).toEqual({ item: 0 });
	});

	it('sends several sources as `image[]`, in the order of their names', async () => {
		await edit('photo, second');
		expect(await expectFile(0, 'image[]', 'photo')).toBe(2);
		await expectFile(1, 'image[]', 'second');
	});

	it('sends a mask', async () => {
		await edit('photo', { maskField: 'mask' });
		expect(await expectFile(1, 'mask', 'mask')).toBe(2);
	});

	it('sends the options as fields of the form', async () => {
		const options = {
			count: 2,
			size: '64x32',
			quality: 'high',
			outputFormat: 'webp',
			background: 'opaque',
			extraBody: { user: 'mé' },
		};
		const run = await edit('photo', options);
		expect(formFields(bench())).toEqual({
			model: 'gpt-image-1',
			prompt: 'Make it blue [[size width=48 height=32]]',
			n: '2',
			size: '64x32',
			quality: 'high',
			output_format: 'webp',
			background: 'opaque',
			user: 'mé',
		});
		expect(run.items(NODE)).toHaveLength(2);
	});

	it.each([
		['sourceFields', { sourceFields: 'missing' }],
		['maskField', { sourceFields: 'photo', options: { maskField: 'missing' } }],
	])('names a missing file of %s, and asks nobody', async (_, more) => {
		const failure = await failureOf(bench(), openAiImage('Make it blue', more), {
			pinData: { Start: [await itemWithImages(IMAGES)] },
		});
		expect(`${failure.message} ${failure.details.description}`).toContain("'missing'");
		expect(bench().service.requests).toEqual([]);
	});
});
