import { describe, expect, test } from 'vitest';

import { openContent } from '../../../../../providers/picture/openPicture.ts';
import { providerErrorOf } from '../../../../support/failure.mts';
import { MemoryTransport } from '../../../../support/memoryTransport.mts';
import * as files from '../../../../support/pictures.mts';
import { byteByByte } from '../../../../support/splits.mts';
import { streamOf } from '../../../../support/streams.mts';

import { bytesOf, PNG } from './opened.mts';

describe('the bytes of an answer', () => {
	const transport = new MemoryTransport([]);

	test('are a picture as a link’s are', async () => {
		const picture = await openContent(transport, streamOf(...byteByByte(PNG)));
		expect(picture).toMatchObject({ mimeType: 'image/png', width: 640, height: 480 });
		expect(await bytesOf(picture.bytes)).toEqual(Buffer.from(PNG));
	});

	test('that are none are told so', async () => {
		const error = await providerErrorOf(() => openContent(transport, streamOf(files.join('text'))));
		expect(error.kind).toBe('protocol');
	});

	test('are counted against the limit', async () => {
		const picture = await openContent(transport, streamOf(PNG), { largest: PNG.length - 1 });
		expect((await providerErrorOf(() => bytesOf(picture.bytes))).kind).toBe('refused');
	});
});
