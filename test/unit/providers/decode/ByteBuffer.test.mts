import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ByteBuffer } from '../../../../providers/decode/ByteBuffer.ts';

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
