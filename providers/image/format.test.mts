import { createCanvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import * as files from '../../test/support/images.mts';
import { bytesOf } from '../../test/support/splits.mts';
import { has, type ImageFormat, readDimensions, sniffImage } from './format.ts';

type Extension = ImageFormat['extension'];

const THUMBNAIL = files.jpeg(files.frame(0xc0, 16, 12));
const EXIF = files.segment(0xe1, files.join('Exif\0\0', THUMBNAIL));
const APP0 = files.segment(0xe0, files.join('JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0]));
const HUFFMAN = files.segment(0xc4, [0, ...new Array<number>(16).fill(0)]);

const HEADERS: Array<[name: string, extension: Extension, bytes: Uint8Array]> = [
	['PNG', 'png', files.png(640, 480)],
	['GIF', 'gif', files.gif(640, 480)],
	['baseline JPEG', 'jpg', files.jpeg(APP0, files.frame(0xc0, 640, 480))],
	['progressive JPEG', 'jpg', files.jpeg(APP0, files.frame(0xc2, 640, 480))],
	['JPEG with its frame first', 'jpg', files.jpeg(files.frame(0xc1, 640, 480))],
	['JPEG behind a thumbnail', 'jpg', files.jpeg(EXIF, files.frame(0xc0, 640, 480))],
	['JPEG behind tables', 'jpg', files.jpeg(HUFFMAN, files.frame(0xc2, 640, 480))],
	[
		'JPEG with fill bytes',
		'jpg',
		files.jpeg([0xff, 0xff], APP0, [0xff], files.frame(0xc0, 640, 480)),
	],
	['lossy WebP', 'webp', files.webpLossy(640, 480)],
	['lossless WebP', 'webp', files.webpLossless(640, 480)],
	['extended WebP', 'webp', files.webpExtended(640, 480)],
	['AVIF', 'avif', files.avif(640, 480)],
];

describe('headers', () => {
	test.each(HEADERS)('%s tells its size', (_name, extension, bytes) => {
		expect(readDimensions(bytes, extension)).toEqual({ width: 640, height: 480 });
	});

	test.each(HEADERS)('%s tells its size from the middle of a buffer', (_name, extension, bytes) => {
		const inside = files.join([1, 2, 3], bytes).subarray(3);
		expect(readDimensions(inside, extension)).toEqual({ width: 640, height: 480 });
	});

	test.each(HEADERS)('%s, cut short, tells its size or nothing', (_name, extension, bytes) => {
		const found = Array.from({ length: bytes.length }, (_, length) =>
			readDimensions(bytes.subarray(0, length), extension),
		);
		const told = found.filter((size) => size !== undefined);
		expect(told.every(({ width, height }) => width === 640 && height === 480)).toBe(true);
		expect(found[6]).toBeUndefined();
	});
});

test.each([
	['PNG', 'png', files.png(0x10000, 0x20000), 0x10000, 0x20000],
	['GIF', 'gif', files.gif(65535, 1), 65535, 1],
	['JPEG', 'jpg', files.jpeg(files.frame(0xc0, 65535, 1)), 65535, 1],
	['lossy WebP', 'webp', files.webpLossy(16383, 1), 16383, 1],
	['lossless WebP', 'webp', files.webpLossless(16384, 16384), 16384, 16384],
	['extended WebP', 'webp', files.webpExtended(1 << 24, 1), 1 << 24, 1],
	['AVIF', 'avif', files.avif(65536, 70000), 65536, 70000],
] as const)('%s of the largest size', (_name, extension, bytes, width, height) => {
	expect(readDimensions(bytes, extension)).toEqual({ width, height });
});

describe('no size', () => {
	test.each([
		['PNG of no width', 'png', files.png(0, 480)],
		['GIF of no height', 'gif', files.gif(640, 0)],
		['JPEG whose height comes later', 'jpg', files.jpeg(files.frame(0xc0, 640, 0))],
		['JPEG without a frame', 'jpg', files.jpeg(APP0, HUFFMAN)],
		[
			'WebP of an unknown kind',
			'webp',
			files.join('RIFF', [0, 0, 0, 0], 'WEBPALPH', new Uint8Array(40)),
		],
		['PNG wider than any encoder makes', 'png', files.png(0xffffffff, 480)],
		['AVIF of an absurd height', 'avif', files.avif(640, 0xffffffff)],
		['AVIF without ispe', 'avif', files.join([0, 0, 0, 20], 'ftypavif', new Uint8Array(64))],
		['nothing', 'png', new Uint8Array()],
	] as const)('%s', (_name, extension, bytes) => {
		expect(readDimensions(bytes, extension)).toBeUndefined();
	});
});

test('random bytes never throw and never give a size that is none', () => {
	const extension = fc.constantFrom<Extension>('png', 'jpg', 'gif', 'webp', 'avif');
	const start = fc.constantFrom(...HEADERS.map(([, , bytes]) => bytes), new Uint8Array());
	const rest = fc.uint8Array({ maxLength: 200 });
	fc.assert(
		fc.property(extension, start, fc.nat(60), rest, (format, header, kept, tail) => {
			const size = readDimensions(files.join(header.subarray(0, kept), tail), format);
			if (size === undefined) return;
			expect(size.width).toBeGreaterThan(0);
			expect(size.height).toBeGreaterThan(0);
			expect(Number.isInteger(size.width) && Number.isInteger(size.height)).toBe(true);
		}),
		{ numRuns: 2000 },
	);
});

test.each(['png', 'jpeg', 'webp', 'avif'] as const)(
	'a real %s file tells its size',
	async (format) => {
		const canvas = createCanvas(123, 45);
		canvas.getContext('2d').fillRect(10, 10, 50, 20);
		// `encode` has one signature per format: name it without the union.
		const file = await canvas.encode(format as 'png');
		const found = sniffImage(file);
		expect(found?.mimeType).toBe(`image/${format}`);
		expect(readDimensions(file, found!.extension)).toEqual({ width: 123, height: 45 });
	},
);

test.each([
	['PNG', files.png(1, 1), 'image/png', 'png'],
	['JPEG', files.jpeg(files.frame(0xc0, 1, 1)), 'image/jpeg', 'jpg'],
	['GIF 89a', files.gif(1, 1), 'image/gif', 'gif'],
	['GIF 87a', files.gif(1, 1, 'GIF87a'), 'image/gif', 'gif'],
	['lossy WebP', files.webpLossy(1, 1), 'image/webp', 'webp'],
	['lossless WebP', files.webpLossless(1, 1), 'image/webp', 'webp'],
	['extended WebP', files.webpExtended(1, 1), 'image/webp', 'webp'],
	['AVIF', files.avif(1, 1), 'image/avif', 'avif'],
	['animated AVIF', files.avif(1, 1, 'avis'), 'image/avif', 'avif'],
])('%s is known by its bytes', (_format, bytes, mimeType, extension) => {
	expect(sniffImage(bytes)).toEqual({ mimeType, extension });
});

test.each([
	['SVG', bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>')],
	['SVG behind an XML declaration', bytesOf('<?xml version="1.0"?><svg/>')],
	['a page', bytesOf('<!doctype html><html></html>')],
	['text', bytesOf('not found')],
	['nothing', new Uint8Array()],
	['PDF', bytesOf('%PDF-1.7')],
	['BMP', bytesOf('BM123456')],
	['a WAV sound', files.join('RIFF', [0, 0, 0, 0], 'WAVEfmt ')],
	['a video', files.avif(1, 1, 'isom')],
	['PNG that text conversion broke', files.join('\x89PNG\n\x1a\n')],
])('%s is no image', (_what, bytes) => {
	expect(sniffImage(bytes)).toBeUndefined();
});

test.each([
	['PNG', files.png(1, 1), 8],
	['JPEG', files.jpeg(), 3],
	['GIF', files.gif(1, 1), 4],
	['WebP', files.webpLossy(1, 1), 12],
	['AVIF', files.avif(1, 1), 12],
])('%s with too few bytes is no image', (_format, bytes, needed) => {
	for (let length = 0; length < needed; length++) {
		expect(sniffImage(bytes.subarray(0, length)), `${length} bytes`).toBeUndefined();
	}
});

test('characters are compared where they should stand, and not behind the end', () => {
	expect(has(bytesOf('abc'), 1, 'bc')).toBe(true);
	expect(has(bytesOf('abc'), 0, 'bc')).toBe(false);
	expect(has(bytesOf('abc'), 2, 'cd')).toBe(false);
	expect(has(Uint8Array.of(0x89), 0, '\x89')).toBe(true);
});
