import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { bytesOf, cutAt, everyCutting } from '../../test/support/splits.mts';
import { ProviderError } from '../errors.ts';
import { ByteBuffer, endOfFirstLine, endOfLastLine, LineDecoder } from './lines.ts';

test('pieces of any size come out as one', () => {
	const piece = fc.uint8Array({ maxLength: 3000 });
	fc.assert(
		fc.property(
			fc.array(fc.oneof(piece, fc.uint8Array({ minLength: 1, maxLength: 1 }))),
			(pieces) => {
				const buffer = new ByteBuffer();
				pieces.forEach((bytes) => buffer.append(bytes));
				const expected = Buffer.concat(pieces);
				expect(buffer.length).toBe(expected.length);
				expect(expected.equals(buffer.take())).toBe(true);
			},
		),
	);
});

test('what is taken is gone, also where it was large', () => {
	const buffer = new ByteBuffer();
	for (const size of [1, 1000, 100_000, 5]) {
		buffer.append(new Uint8Array(size).fill(size));
		expect([...new Set(buffer.take())]).toEqual([size & 0xff]);
		expect(buffer.length).toBe(0);
		expect(buffer.take()).toHaveLength(0);
	}
});

function linesOf(chunks: Uint8Array[], maxLineBytes?: number): string[] {
	const decoder = new LineDecoder(maxLineBytes);
	return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.finish()];
}

const CASES: Array<[behaviour: string, input: string, lines: string[]]> = [
	['LF ends a line', 'one\ntwo\n', ['one', 'two']],
	['CR ends a line', 'one\rtwo\r', ['one', 'two']],
	['CRLF ends one line, not two', 'one\r\ntwo\r\n', ['one', 'two']],
	['line ends may be mixed', 'a\nb\rc\r\nd\n\re\r\r\nf', ['a', 'b', 'c', 'd', '', 'e', '', 'f']],
	['LF behind CRLF is an empty line', 'a\r\n\nb\n', ['a', '', 'b']],
	['empty lines are lines', '\n\n\n', ['', '', '']],
	['empty CRLF lines are lines', '\r\n\r\n', ['', '']],
	['empty CR lines are lines', '\r\r', ['', '']],
	['an unfinished last line is a line', 'one\ntwo', ['one', 'two']],
	['a single line without an end is a line', 'one', ['one']],
	['nothing is no line', '', []],
	['one byte order mark is dropped', '\uFEFFone\ntwo\n', ['one', 'two']],
	['a second byte order mark is text', '\uFEFF\uFEFFone\n', ['\uFEFFone']],
	['a byte order mark later on is text', 'one\n\uFEFFtwo\n', ['one', '\uFEFFtwo']],
	['only a byte order mark is no line', '\uFEFF', []],
	['UTF-8 of two bytes', 'é\nü', ['é', 'ü']],
	['UTF-8 of three bytes', '€\n漢', ['€', '漢']],
	['UTF-8 of four bytes', '😀\n🏳️‍🌈', ['😀', '🏳️‍🌈']],
	[
		'other characters that look like line ends are text',
		'a\u2028b\u0085c\vd\fe\n',
		['a\u2028b\u0085c\vd\fe'],
	],
];

describe('every case, whole, byte by byte and cut at every index', () => {
	test.each(CASES)('%s', (_behaviour, input, expected) => {
		for (const { name, chunks } of everyCutting(bytesOf(input))) {
			const lines = linesOf(chunks);
			expect(lines, name).toEqual(expected);
			expect(lines.length, name).toBe(expected.length);
		}
	});
});

describe('when lines are handed on', () => {
	test('a line is handed on with the chunk that ends it', () => {
		const decoder = new LineDecoder();
		expect(decoder.push(bytesOf('on'))).toEqual([]);
		expect(decoder.push(bytesOf('e\ntw'))).toEqual(['one']);
		expect(decoder.push(bytesOf('o'))).toEqual([]);
		expect(decoder.finish()).toEqual(['two']);
	});

	test('a line that CR ends does not wait for what follows', () => {
		const decoder = new LineDecoder();
		expect(decoder.push(bytesOf('one\r'))).toEqual(['one']);
		expect(decoder.push(bytesOf('\ntwo'))).toEqual([]);
		expect(decoder.finish()).toEqual(['two']);
	});

	test('LF in a later chunk is an empty line where text stood between', () => {
		const decoder = new LineDecoder();
		expect(decoder.push(bytesOf('one\r'))).toEqual(['one']);
		expect(decoder.push(bytesOf('\n'))).toEqual([]);
		expect(decoder.push(bytesOf('\n'))).toEqual(['']);
	});
});

describe('UTF-8 that is none', () => {
	test('a cut-off sequence at the end becomes a replacement character', () => {
		expect(linesOf([Uint8Array.of(0x61, 0xe2, 0x82)])).toEqual(['a\uFFFD']);
	});

	test('a stray byte becomes a replacement character', () => {
		expect(linesOf([Uint8Array.of(0x61, 0xff, 0x0a, 0x62)])).toEqual(['a\uFFFD', 'b']);
	});
});

describe('the longest line', () => {
	test('a line of exactly that length is taken', () => {
		for (const { name, chunks } of everyCutting(bytesOf('12345\n12345'))) {
			expect(linesOf(chunks, 5), name).toEqual(['12345', '12345']);
		}
	});

	test.each(['123456\n', '123456', 'ok\n123456\n'])('%j is refused', async (input) => {
		for (const { name, chunks } of everyCutting(bytesOf(input))) {
			const error = await providerErrorOf(() => linesOf(chunks, 5));
			expect(error.kind, name).toBe('refused');
			expect(error.message, name).toContain('5 bytes');
		}
	});

	test('its bytes are counted, not its characters', () => {
		for (const { name, chunks } of everyCutting(bytesOf('ééé\r\n€€'))) {
			expect(linesOf(chunks, 6), name).toEqual(['ééé', '€€']);
			expect(() => linesOf(chunks, 5), name).toThrow('5 bytes');
		}
	});

	test('a line that never ends is refused before it ends', () => {
		const decoder = new LineDecoder(10);
		decoder.push(bytesOf('1234567890'));
		expect(() => decoder.push(bytesOf('1'))).toThrow(ProviderError);
	});
});

test('a line of 4 MB in chunks of 256 bytes comes out whole', () => {
	const bytes = new Uint8Array(4 * 1024 * 1024).fill(0x61);
	const positions = Array.from({ length: bytes.length / 256 - 1 }, (_, index) => (index + 1) * 256);
	const lines = linesOf(cutAt(bytes, positions));
	expect(lines.map(({ length }) => length)).toEqual([bytes.length]);
});

test('a line after a very long one is not mixed with it', () => {
	const long = 'x'.repeat(200_000);
	const bytes = bytesOf(`${long}\nshort\n${long}\n`);
	expect(linesOf(cutAt(bytes, [100_000, 200_003, 300_000]))).toEqual([long, 'short', long]);
});

test('however a text is cut, its lines are those of the whole', () => {
	const text = fc.string({
		unit: fc.constantFrom('a', ' ', ':', '\n', '\r', '\r\n', 'é', '€', '😀'),
		maxLength: 40,
	});
	fc.assert(
		fc.property(text, fc.array(fc.nat(200), { maxLength: 8 }), (input, positions) => {
			const bytes = bytesOf(input);
			const inside = positions.map((position) => position % (bytes.length + 1));
			const whole = linesOf([bytes]);
			expect(linesOf(cutAt(bytes, inside))).toEqual(whole);
			const expected = input.split(/\r\n|\n|\r/);
			if (expected.at(-1) === '') expected.pop();
			expect(whole).toEqual(expected);
		}),
	);
});

test.each([
	['', 0, 0],
	['a', 0, 0],
	['\n', 1, 1],
	['a\nb', 2, 2],
	['a\rb\nc', 2, 4],
	['a\nb\rc', 2, 4],
	['a\r\n', 2, 3],
])('%j: the first line ends at %i, the last at %i', (text, first, last) => {
	expect(endOfFirstLine(bytesOf(text))).toBe(first);
	expect(endOfLastLine(bytesOf(text))).toBe(last);
});

// How far from the end it lies decides how it is looked for.
test.each(['\n', '\r'])('%j is found wherever it stands in long bytes', (lineEnd) => {
	for (let length = 0; length < 1200; length++) {
		const text = `ab\r\n${'x'.repeat(50)}${lineEnd}${'y'.repeat(length)}`;
		expect(endOfLastLine(bytesOf(text))).toBe(text.length - length);
	}
});

test('bytes in the midst of other memory are looked at alone', () => {
	const memory = bytesOf(`\n${'x'.repeat(1000)}\n`);
	expect(endOfLastLine(memory.subarray(1, 1001))).toBe(0);
});
