import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { gif, jpeg, png, webpLossless, webpLossy } from '../../test/support/images.mts';
import { bytesOf, everyCutting } from '../../test/support/splits.mts';
import { collect, streamOf } from '../../test/support/streams.mts';
import type { ImageFormat } from './format.ts';
import { untilItsEnd } from './imageEnd.ts';

const FILES: Array<[ImageFormat['extension'], Uint8Array]> = [
	['png', png(3, 2)],
	['gif', gif(3, 2)],
	['jpg', jpeg()],
	['webp', webpLossy(3, 2)],
	['webp', webpLossless(3, 2)],
];

async function read(extension: ImageFormat['extension'], chunks: Uint8Array[]): Promise<Buffer> {
	return Buffer.concat(await collect(untilItsEnd(streamOf(...chunks), extension)));
}

describe.each(FILES)('a %s file', (extension, file) => {
	test('comes whole, however it is cut into pieces', async () => {
		for (const { name, chunks } of everyCutting(file)) {
			expect(await read(extension, chunks), name).toEqual(Buffer.from(file));
		}
	});

	test('may have a few bytes after its end', async () => {
		const padded = Buffer.concat([file, bytesOf('\n\n')]);
		expect(await read(extension, [padded])).toEqual(padded);
	});

	test('that ends early is truncated, wherever it is cut', async () => {
		for (let length = 4; length < file.length; length++) {
			// A GIF's colours may look like its end.
			const error = await providerErrorOf(() => read(extension, [file.slice(0, length)]));
			expect(error.kind, String(length)).toBe('truncated');
		}
	});
});

test('an AVIF file is taken as it comes: its end may stand anywhere', async () => {
	expect(await read('avif', [bytesOf('any')])).toEqual(Buffer.from('any'));
});
