import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';

import { bytesOf } from '../test/support/splits.mts';
import { streamOf, watched } from '../test/support/streams.mts';
import { toReadable } from './readable.ts';

test('is a Node.js stream of the chunks', async () => {
	const stream: unknown = toReadable(streamOf(bytesOf('ab'), bytesOf('cd')));
	expect(stream).toBeInstanceOf(Readable);
	expect((await buffer(stream as Readable)).toString()).toBe('abcd');
});

test('nothing is an empty stream', async () => {
	const stream = toReadable(streamOf<Uint8Array>()) as unknown as Readable;
	expect(await buffer(stream)).toHaveLength(0);
});

test('the error of the chunks is the error of the stream', async () => {
	const broken = new Error('reset');
	const stream = toReadable(streamOf<Uint8Array>(bytesOf('ab'), broken)) as unknown as Readable;
	await expect(buffer(stream)).rejects.toBe(broken);
});

test('leaving the stream early ends the chunks', async () => {
	const { state, stream } = watched(...Array.from({ length: 50 }, () => bytesOf('ab')));
	for await (const chunk of toReadable(stream)) {
		expect(Buffer.from(chunk as Uint8Array).toString()).toBe('ab');
		break;
	}
	expect(state.ended).toBe(true);
	expect(state.taken).toBeLessThan(50);
});
