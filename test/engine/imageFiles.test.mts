import { describe, expect, it } from 'vitest';

import type { ImageType } from '../../dev/service/images/image.mts';
import { drawn } from './drawnImage.mts';
import { failureOf } from './failure.mts';
import { image, openAiImage } from './parameters.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const FORMATS: Array<[ImageType, string]> = [
	['png', 'png'],
	['jpeg', 'jpg'],
	['webp', 'webp'],
	['gif', 'gif'],
	['avif', 'avif'],
];

const NAMES: Array<[string, string]> = [
	['lighthouse', 'lighthouse.png'],
	['lighthouse.png', 'lighthouse.png'],
	// The bytes decide, not the wish.
	['lighthouse.jpg', 'lighthouse.png'],
	['release v1.2', 'release-v1.2.png'],
	['../../etc/passwd', 'etc-passwd.png'],
	['C:\\Windows\\kite', 'C-Windows-kite.png'],
	['Leuchtturm bei Dämmerung', 'Leuchtturm-bei-Dämmerung.png'],
	['灯台', '灯台.png'],
	['???', 'image.png'],
	['x'.repeat(200), `${'x'.repeat(60)}.png`],
];

describe.each([
	['filesystem', 'filesystem'],
	['default', 'default'],
] as const)('Image files in binary mode %s', (_, binaryDataMode) => {
	const bench = useBench({ engine: { binaryDataMode } });

	it.each(FORMATS)('%s has the extension %s and its size in pixels', async (type, extension) => {
		const prompt = `a red kite [[format type=${type}]]`;
		const run = await bench().run(image(prompt, { options: { fileName: 'kite' } }));
		const [item] = run.items(NODE);
		const expected = await drawn('a red kite', { type });
		expect(item?.json).toMatchObject({
			fileName: `kite.${extension}`,
			mimeType: `image/${type}`,
			width: 48,
			height: 32,
			bytes: expected.length,
		});
		expect(item?.binary?.['data']).toMatchObject({
			fileName: `kite.${extension}`,
			fileExtension: extension,
			mimeType: `image/${type}`,
		});
		expect((await run.binary(item!)).equals(expected)).toBe(true);
	});

	it('a large image arrives whole', async () => {
		const prompt = 'a red kite [[bytes total=3000000]]';
		const run = await bench().run(image(prompt));
		const file = await run.binary(run.items(NODE)[0]!);
		const expected = await drawn('a red kite', { totalBytes: 3_000_000 });
		expect(file.equals(expected)).toBe(true);
	});

	it('an image in pieces of single bytes arrives whole', async () => {
		const prompt = 'a red kite [[drip bytes=1]]';
		const run = await bench().run(image(`${prompt} [[format type=gif]]`));
		const file = await run.binary(run.items(NODE)[0]!);
		expect(file.equals(await drawn('a red kite', { type: 'gif' }))).toBe(true);
	});
});

describe('Names of image files', () => {
	const bench = useBench();

	it.each(NAMES)('%s becomes %s', async (fileName, expected) => {
		const run = await bench().run(image('a red kite', { options: { fileName } }));
		const [item] = run.items(NODE);
		expect(item?.json['fileName']).toBe(expected);
		expect(item?.binary?.['data']?.fileName).toBe(expected);
	});

	it('are made from the prompt where none is given', async () => {
		const prompt = 'A lighthouse, at dusk!';
		const run = await bench().run({ operation: 'image', prompt });
		expect(run.items(NODE)[0]?.json['fileName']).toBe('A-lighthouse-at-dusk.png');
	});

	it('tell several images apart', async () => {
		const options = { fileName: 'kite', count: 3 };
		const run = await bench().run(openAiImage('a red kite', { options }));
		const names = run.items(NODE).map(({ json }) => json['fileName']);
		expect(names).toEqual(['kite.png', 'kite-2.png', 'kite-3.png']);
	});

	it('stand in the field that was chosen', async () => {
		const run = await bench().run(image('a red kite', { binaryPropertyName: 'photo' }));
		expect(Object.keys(run.items(NODE)[0]?.binary ?? {})).toEqual(['photo']);
	});

	it('a field without a name is refused before anything is asked', async () => {
		const failure = await failureOf(bench(), image('kite', { binaryPropertyName: '={{ " " }}' }));
		expect(failure.message).toBe("'Put Output File in Field' is empty");
		expect(failure.details.description).toContain('Enter a value');
		expect(bench().service.requests).toEqual([]);
	});
});
