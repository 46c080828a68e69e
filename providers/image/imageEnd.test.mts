import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { avif, gif, jpeg, join, png, webpLossless, webpLossy } from '../../test/support/images.mts';
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
	['avif', avif(3, 2)],
];

/** As an encoder writes it, with enough in it that any byte turns up somewhere. */
async function encoded(type: 'gif' | 'avif'): Promise<Uint8Array> {
	const canvas = createCanvas(64, 64);
	const context = canvas.getContext('2d');
	for (let index = 0; index < 64 * 64; index++) {
		context.fillStyle = `hsl(${(index * 137) % 360} 80% ${(index * 31) % 100}%)`;
		context.fillRect(index % 64, Math.floor(index / 64), 1, 1);
	}
	return type === 'gif' ? await canvas.encode('gif') : await canvas.encode('avif', { speed: 10 });
}

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
			const error = await providerErrorOf(() => read(extension, [file.slice(0, length)]));
			expect(error.kind, String(length)).toBe('truncated');
		}
	});
});

describe.each(['gif', 'avif'] as const)('a %s file of an encoder', (extension) => {
	test('comes whole, however it is cut into pieces', async () => {
		const file = await encoded(extension);
		const bytes = Array.from(file, (byte) => Uint8Array.of(byte));
		expect(await read(extension, [file])).toEqual(Buffer.from(file));
		expect(await read(extension, bytes)).toEqual(Buffer.from(file));
	});

	test('that ends early is truncated, whatever bytes stand at the cut', async () => {
		const file = await encoded(extension);
		for (let length = 13; length < file.length; length += 7) {
			const error = await providerErrorOf(() => read(extension, [file.slice(0, length)]));
			expect(error.kind, String(length)).toBe('truncated');
		}
	});
});

test('an animated GIF is read over its colors, extensions and padding to its trailer', async () => {
	const colors = new Array<number>(6).fill(0x3b);
	const screen = join('GIF89a', [1, 0, 1, 0, 0x80, 0, 0], colors);
	const loop = join([0x21, 0xff, 11], 'NETSCAPE2.0', [3, 1, 0, 0, 0]);
	const image = join([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0x80], colors, [2, 2, 0x3b, 0x3b, 0]);
	const file = join(screen, loop, image, [0], image, ';');
	expect(await read('gif', [file])).toEqual(Buffer.from(file));
	const error = await providerErrorOf(() => read('gif', [file.slice(0, -1)]));
	expect(error.kind).toBe('truncated');
});

test('a page that begins as a GIF does is not a complete one', async () => {
	const error = await providerErrorOf(() =>
		read('gif', [bytesOf('GIF8<html><script>alert(1);</script></html>')]),
	);
	expect(error.kind).toBe('truncated');
});

const FILE_TYPE = join([0, 0, 0, 16], 'ftypavif', [0, 0, 0, 0]);

test.each([
	['a size of 64 bits', join(FILE_TYPE, [0, 0, 0, 1], 'mdat', [0, 0, 0, 0, 0, 0, 0, 18], 'xy')],
	['its size left open', join(FILE_TYPE, [0, 0, 0, 0], 'mdat', 'xy')],
])('an AVIF file may hold its data in a box with %s', async (_size, file) => {
	expect(await read('avif', [file])).toEqual(Buffer.from(file));
});

test('an AVIF file without any data is truncated', async () => {
	const error = await providerErrorOf(() => read('avif', [FILE_TYPE]));
	expect(error.kind).toBe('truncated');
});
