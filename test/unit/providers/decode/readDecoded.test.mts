import { expect, test } from 'vitest';

import { readEventData, readLines } from '../../../../providers/decode/readDecoded.ts';
import { providerErrorOf } from '../../../support/failure.mts';
import { bytesOf, everyCutting } from '../../../support/splits.mts';
import { collect, streamOf, watched } from '../../../support/streams.mts';

test('the lines of a body are the same however it is cut', async () => {
	for (const { name, chunks } of everyCutting(bytesOf('\uFEFFdata: é\r\n\r\n:c\ndata: 😀'))) {
		const lines = (await collect(readLines(streamOf(...chunks)))).flat();
		expect(lines, name).toEqual(['data: é', '', ':c', 'data: 😀']);
	}
});

test('an empty body has no lines', async () => {
	expect(await collect(readLines(streamOf<Uint8Array>()))).toEqual([]);
});

test('a line arrives before the body has ended', async () => {
	const { state, stream } = watched(bytesOf('one\n'), bytesOf('two\n'));
	const lines = readLines(stream);
	expect(await lines.next()).toEqual({ done: false, value: ['one'] });
	expect(state).toEqual({ taken: 1, ended: false });
	await lines.return(undefined);
});

test('leaving early ends the body', async () => {
	const { state, stream } = watched(bytesOf('one\ntwo\n'), bytesOf('three\n'));
	for await (const lines of readLines(stream)) {
		expect(lines).toEqual(['one', 'two']);
		break;
	}
	expect(state).toEqual({ taken: 1, ended: true });
});

test('a body that breaks off hands on its lines and then its error', async () => {
	const lines: Array<readonly string[]> = [];
	const broken = new Error('connection reset');
	const read = async () => {
		for await (const some of readLines(streamOf<Uint8Array>(bytesOf('one\ntw'), broken))) {
			lines.push(some);
		}
	};
	await expect(read()).rejects.toBe(broken);
	expect(lines).toEqual([['one']]);
});

test('the events of a body arrive together with the piece that ends them', async () => {
	const pieces = ['data: a\n\ndata: b\n\nda', 'ta: c\n', '\ndata: d'].map(bytesOf);
	expect(await collect(readEventData(streamOf(...pieces)))).toEqual([['a', 'b'], ['c'], ['d']]);
});

test('the longest line that a caller names holds', async () => {
	const read = () => collect(readLines(streamOf(bytesOf('123456\n')), 5));
	expect((await providerErrorOf(read)).kind).toBe('refused');
});
