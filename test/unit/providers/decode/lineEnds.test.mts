import { expect, test } from 'vitest';

import { endOfFirstLine, endOfLastLine } from '../../../../providers/decode/lineEnds.ts';
import { bytesOf } from '../../../support/splits.mts';

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
