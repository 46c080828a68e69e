import { expect, test } from 'vitest';

import { ByteCursor } from '../../../../providers/decode/ByteCursor.ts';
import { bytesOf, everyCutting } from '../../../support/splits.mts';
import { streamOf } from '../../../support/streams.mts';

const A = 0x61;

test('reads pieces up to the ends, and single bytes, however the stream is cut', async () => {
	for (const { name, chunks } of everyCutting(bytesOf('xyaza'))) {
		const cursor = new ByteCursor(streamOf(...chunks));
		let seen = '';
		while (await cursor.hasMore()) {
			const bytes = cursor.takeUntil(A);
			expect(bytes.includes(A), name).toBe(false);
			seen += Buffer.from(bytes.length > 0 ? bytes : [cursor.takeOne()]).toString();
		}
		expect(seen, name).toBe('xyaza');
	}
});

test('of several ends the first is taken up to', async () => {
	const cursor = new ByteCursor(streamOf(bytesOf('1b2a')));
	expect(await cursor.hasMore()).toBe(true);
	expect(Buffer.from(cursor.takeUntil(0x62)).toString()).toBe('1');
});

test('an empty stream has nothing', async () => {
	expect(await new ByteCursor(streamOf<Uint8Array>()).hasMore()).toBe(false);
	expect(await new ByteCursor(streamOf(new Uint8Array())).hasMore()).toBe(false);
});
