import { describe, expect, test } from 'vitest';

import { PLAIN_PAGE } from '../../../../support/pages.mts';
import * as files from '../../../../support/pictures.mts';
import { byteByByte } from '../../../../support/splits.mts';

import { bytesOf, large, opened, PNG, refusedPicture } from './opened.mts';

describe('the bytes', () => {
	test('come whole, with type and size, however they are cut', async () => {
		const { picture, transport } = await opened([{ chunks: byteByByte(PNG) }]);
		expect(picture).toMatchObject({
			mimeType: 'image/png',
			extension: 'png',
			width: 640,
			height: 480,
		});
		expect(await bytesOf(picture.bytes)).toEqual(Buffer.from(PNG));
		expect(transport.answers[0]?.bodyEnded).toBe(true);
	});

	test('tell the type, whatever the label and the name say', async () => {
		const headers = { 'content-type': 'image/png' };
		const { picture } = await opened([{ headers, chunks: [files.webpLossless(8, 9)] }]);
		expect(picture).toMatchObject({
			mimeType: 'image/webp',
			extension: 'webp',
			width: 8,
			height: 9,
		});
	});

	test('of a page are no picture even when labelled so', async () => {
		const headers = { 'content-type': 'image/png' };
		const error = await refusedPicture([{ headers, chunks: [PLAIN_PAGE] }]);
		expect(error.kind).toBe('protocol');
	});

	test('without a size in their header have none', async () => {
		const bytes = files.join([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0]);
		const { picture } = await opened([{ chunks: [bytes] }]);
		expect(picture.mimeType).toBe('image/jpeg');
		expect('width' in picture || 'height' in picture).toBe(false);
	});

	test('behind the head are read only on demand', async () => {
		const { transport, picture } = await opened([large(65_536 * 8)]);
		expect(transport.answers[0]).toMatchObject({ chunksTaken: 1, bodyEnded: false });
		expect((await bytesOf(picture.bytes)).length).toBe(65_536 * 8);
	});
});
