import { expect, test } from 'vitest';

import { has, sniffPicture } from '../../../../providers/picture/sniff.ts';
import * as files from '../../../support/pictures.mts';
import { bytesOf } from '../../../support/splits.mts';

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
	expect(sniffPicture(bytes)).toEqual({ mimeType, extension });
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
])('%s is no picture', (_what, bytes) => {
	expect(sniffPicture(bytes)).toBeUndefined();
});

test.each([
	['PNG', files.png(1, 1), 8],
	['JPEG', files.jpeg(), 3],
	['GIF', files.gif(1, 1), 4],
	['WebP', files.webpLossy(1, 1), 12],
	['AVIF', files.avif(1, 1), 12],
])('%s with too few bytes is no picture', (_format, bytes, needed) => {
	for (let length = 0; length < needed; length++) {
		expect(sniffPicture(bytes.subarray(0, length)), `${length} bytes`).toBeUndefined();
	}
});

test('characters are compared where they should stand, and not behind the end', () => {
	expect(has(bytesOf('abc'), 1, 'bc')).toBe(true);
	expect(has(bytesOf('abc'), 0, 'bc')).toBe(false);
	expect(has(bytesOf('abc'), 2, 'cd')).toBe(false);
	expect(has(Uint8Array.of(0x89), 0, '\x89')).toBe(true);
});
