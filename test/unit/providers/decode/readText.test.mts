import { expect, test } from 'vitest';

import { readText } from '../../../../providers/decode/readText.ts';
import { providerErrorOf } from '../../../support/failure.mts';
import { bytesOf, everyCutting } from '../../../support/splits.mts';
import { streamOf, watched } from '../../../support/streams.mts';

test('a body is the same text however it is cut, without its byte order mark', async () => {
	for (const { name, chunks } of everyCutting(bytesOf('\uFEFFé€😀\r\n'))) {
		expect(await readText(streamOf(...chunks), 100), name).toBe('é€😀\r\n');
	}
});

test('an empty body is the empty text', async () => {
	expect(await readText(streamOf<Uint8Array>(), 10)).toBe('');
});

test('a body of exactly the limit is taken', async () => {
	expect(await readText(streamOf(bytesOf('12'), bytesOf('345')), 5)).toBe('12345');
});

test('a larger body is refused and not read to its end', async () => {
	const { state, stream } = watched(bytesOf('123'), bytesOf('456'), bytesOf('789'));
	const error = await providerErrorOf(() => readText(stream, 5));
	expect(error.kind).toBe('refused');
	expect(error.message).toContain('5 bytes');
	expect(state).toEqual({ taken: 2, ended: true });
});

test('a body that breaks off throws its error', async () => {
	const broken = new Error('reset');
	await expect(readText(streamOf<Uint8Array>(bytesOf('a'), broken), 10)).rejects.toBe(broken);
});
