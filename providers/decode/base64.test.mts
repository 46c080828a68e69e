import fc from 'fast-check';
import { expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { bytesOf, cutAt, everyCutting } from '../../test/support/splits.mts';
import { Base64Decoder } from './base64.ts';

function decode(pieces: Uint8Array[]): Buffer {
	const decoder = new Base64Decoder();
	// Copies: the decoder writes over what it is given.
	return Buffer.concat(pieces.map((piece) => decoder.push(piece.slice())));
}

const BYTES = Buffer.from([0xfb, 0xff, 0xbf, 0, 1, 2, 3, 0xff, 0xff, 0xfe]);
const BASE64 = BYTES.toString('base64');

function everyCharacterEscaped(text: string): string {
	return text.replace(/./g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

test.each([
	['padded', BASE64],
	['without padding', BASE64.replace(/=+$/, '')],
	['in the alphabet of URLs', BYTES.toString('base64url')],
	['with slashes escaped', BASE64.replaceAll('/', '\\/')],
	['with escaped line breaks', BASE64.replace(/.{5}/g, '$&\\n')],
	['with escaped CRLF', BASE64.replace(/.{5}/g, '$&\\r\\n')],
	['with line breaks as codes', BASE64.replace(/.{5}/g, '$&\\u000d\\u000A')],
	['with every character as a code', everyCharacterEscaped(BASE64)],
	['with its padding escaped', BASE64.replaceAll('=', '\\u003d')],
])('%s base64 of a JSON string is the bytes, however it is cut', (_form, text) => {
	for (const { name, chunks } of everyCutting(bytesOf(text))) {
		expect(decode(chunks), name).toEqual(BYTES);
	}
});

test('nothing is no bytes', () => {
	expect(decode([])).toHaveLength(0);
	expect(decode([new Uint8Array()])).toHaveLength(0);
});

test('whatever the bytes and the cuts, they come out as they went in', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(80)), (bytes, positions) => {
			const text = bytesOf(Buffer.from(bytes).toString('base64'));
			const inside = positions.map((position) => position % (text.length + 1));
			expect(decode(cutAt(text, inside))).toEqual(Buffer.from(bytes));
		}),
	);
});

test('base64 with a line break after every character but the first is taken, however long it is', () => {
	const bytes = Buffer.alloc(150_000, 0xa5);
	const text = bytes.toString('base64').replace(/(?!^)./g, '$&\n');
	expect(decode([bytesOf(text)])).toEqual(bytes);
});

test.each([
	['white space only', ' '.repeat(60_000)],
	['a character now and then', 'A' + ' '.repeat(60_000)],
	['a few characters now and then', 'ABCDEFGH' + '\n'.repeat(60_000)],
	['escaped white space', '\\n'.repeat(30_000)],
])('white space that goes on and on with %s is an error soon', async (_kind, piece) => {
	const decoder = new Base64Decoder();
	let pieces = 0;
	const error = await providerErrorOf(async () => {
		while (pieces++ < 100) decoder.push(bytesOf(piece));
	});
	expect(error.kind).toBe('protocol');
	expect(pieces).toBeLessThan(5);
});

test('padding without end is an error at once', async () => {
	const error = await providerErrorOf(async () => new Base64Decoder().push(bytesOf('QQ====')));
	expect(error.kind).toBe('protocol');
});
