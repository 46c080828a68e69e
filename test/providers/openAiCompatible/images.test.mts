import { expect, it } from 'vitest';

import type { ImageOptions } from '../../../providers/types.ts';
import { png } from '../../support/images.mts';
import { describeThroughBoth } from '../bothTransports.mts';
import { draw, type Drawing, drawingFailure } from '../images.mts';
import { ACCESS, KEY, openAi } from './ask.mts';

const SIZE = '[[size width=40 height=24]]';
const IMAGE = { mimeType: 'image/png', width: 40, height: 24, size: expect.any(Number) };

describeThroughBoth('OpenAI-compatible images', { access: ACCESS }, (reach) => {
	const ask = async (model: string, directives = '', image: ImageOptions = {}): Promise<Drawing> =>
		await reach.use(async (transport) => {
			const prompt = `${directives}${SIZE} a kite`;
			return await draw(openAi(reach, transport), model, prompt, { image });
		});

	it.each([
		['by link', 'dall-e-3', ''],
		['by relative link', 'dall-e-3', '[[url kind=relative]]'],
		['as a data URI', 'dall-e-3', '[[url kind=data]]'],
		['in base64', 'gpt-image-1', ''],
		['in base64, split', 'gpt-image-1', '[[drip bytes=1021]]'],
		['in base64, compressed', 'gpt-image-1', '[[gzip]]'],
	])('%s', async (_, model, directives) => {
		const { images, error } = await ask(model, directives);
		expect(error).toBeUndefined();
		expect(images).toEqual([IMAGE]);
	});

	it('two in one answer', async () => {
		const { images } = await ask('gpt-image-1', '', { count: 2 });
		expect(images).toEqual([IMAGE, IMAGE]);
	});

	it('the key does not go to the host of the image', async () => {
		await ask('dall-e-3');
		const seen = reach.service.requests.map(({ headers }) => headers.authorization);
		expect(seen).toEqual([`Bearer ${KEY}`, undefined]);
	});

	it('edits send the images and the mask as they are', async () => {
		const file = (fileName: string, bytes: Uint8Array) => ({
			fileName,
			mimeType: 'image/png',
			bytes,
		});
		const [first, mask] = [png(8, 8), png(9, 9)];
		const sources = [file('a.png', first), file('b.png', first)];
		const { images } = await ask('gpt-image-1', '', { sources, mask: file('m.png', mask) });
		expect(images).toEqual([IMAGE]);
		const { path, body } = reach.service.requests.at(-1) ?? {};
		expect(path).toBe('/v1/images/edits');
		expect((body as Array<{ fileName?: string }>).filter((part) => part.fileName)).toEqual([
			{ name: 'image[]', fileName: 'a.png', contentType: 'image/png', bytes: Buffer.from(first) },
			{ name: 'image[]', fileName: 'b.png', contentType: 'image/png', bytes: Buffer.from(first) },
			{ name: 'mask', fileName: 'm.png', contentType: 'image/png', bytes: Buffer.from(mask) },
		]);
	});

	it.each(['no-data', 'empty-array', 'no-url', 'broken-json', 'empty'])('%s', async (fault) => {
		expect(drawingFailure(await ask('dall-e-3', `[[${fault}]]`)).kind).toBe('protocol');
	});

	it.each(['cut', 'reset-after'])('%s in an image in base64', async (fault) => {
		const drawing = await ask('gpt-image-1', `[[${fault}]][[bytes total=2000000]]`);
		expect(['network', 'truncated']).toContain(drawingFailure(drawing).kind);
		expect(drawing.images).toEqual([]);
	});
});
