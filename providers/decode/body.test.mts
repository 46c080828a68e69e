import { expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { bytesOf, everyCutting } from '../../test/support/splits.mts';
import { collect, streamOf, watched } from '../../test/support/streams.mts';
import { atLeast, ByteCursor, firstVisible, isDocument, peek, readText } from './body.ts';

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

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
	return Buffer.concat(await collect(stream)).toString();
}

test('the head is known and nothing is lost, however the stream is cut', async () => {
	for (const { name, chunks } of everyCutting(bytesOf('0123456789'))) {
		const { head, all } = await peek(streamOf(...chunks), atLeast(4));
		expect(Buffer.from(head).toString().startsWith('0123'), name).toBe(true);
		expect(await textOf(all), name).toBe('0123456789');
	}
});

test('a stream shorter than the head is the head', async () => {
	const { head, all } = await peek(streamOf(bytesOf('ab')), atLeast(100));
	expect(Buffer.from(head).toString()).toBe('ab');
	expect(await textOf(all)).toBe('ab');
});

test('an empty stream has an empty head', async () => {
	const { head, all } = await peek(streamOf<Uint8Array>(), atLeast(1));
	expect(head.length).toBe(0);
	expect(await collect(all)).toEqual([]);
});

test('no more is read than the head needs', async () => {
	const { state, stream } = watched(bytesOf('ab'), bytesOf('cd'), bytesOf('ef'));
	const { all } = await peek(stream, atLeast(3));
	expect(state).toEqual({ taken: 2, ended: false });
	expect(await textOf(all)).toBe('abcdef');
	expect(state).toEqual({ taken: 3, ended: true });
});

test('leaving early ends the source', async () => {
	const { state, stream } = watched(bytesOf('ab'), bytesOf('cd'));
	const { all } = await peek(stream, atLeast(1));
	for await (const chunk of all) {
		expect(Buffer.from(chunk).toString()).toBe('ab');
		break;
	}
	expect(state).toEqual({ taken: 1, ended: true });
});

test('a source that fails in the head fails at once', async () => {
	const broken = new Error('reset');
	await expect(peek(streamOf<Uint8Array>(bytesOf('a'), broken), atLeast(10))).rejects.toBe(broken);
});

test('a source that fails behind the head fails there', async () => {
	const broken = new Error('reset');
	const { head, all } = await peek(streamOf<Uint8Array>(bytesOf('abc'), broken), atLeast(2));
	expect(Buffer.from(head).toString()).toBe('abc');
	await expect(collect(all)).rejects.toBe(broken);
});

test('white space and a byte order mark are not enough where a character is to be seen', async () => {
	for (const { name, chunks } of everyCutting(bytesOf('\uFEFF \r\n{"a"'))) {
		const { head, all } = await peek(streamOf(...chunks), firstVisible());
		expect(Buffer.from(head).toString(), name).toContain('{');
		expect(await textOf(all), name).toContain('{"a"');
	}
});

test('white space without end is not waited for', async () => {
	const { state, stream } = watched(
		...Array.from({ length: 100 }, () => bytesOf(' '.repeat(8192))),
	);
	await peek(stream, firstVisible());
	expect(state.taken).toBe(8);
});

test.each([
	['{', true],
	['\uFEFF \r\n<', true],
	['[', true],
	['', false],
	[' ', false],
	['data: {', false],
	// JSON's white space only: U+2028 shows, to whoever looks at bytes.
	['\u2028{', false],
])('%j begins a document: %s, however it is cut', async (body, expected) => {
	for (const { name, chunks } of everyCutting(bytesOf(body))) {
		const { head } = await peek(streamOf(...chunks), firstVisible());
		expect(isDocument(head), name).toBe(expected);
	}
});

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

test.each([
	['text/plain; charset=iso-8859-1', [0x47, 0x72, 0xfc, 0xdf, 0x65], 'Grüße'],
	['application/json;charset="Shift_JIS"', [0x93, 0xfa], '日'],
	['text/plain; charset=unheard-of', [0xc3, 0xbc], 'ü'],
	['text/plain', [0xc3, 0xbc], 'ü'],
	['text/plain', [0xfc], '\uFFFD'],
])('a body labelled %j is decoded so', async (contentType, bytes, text) => {
	for (const { name, chunks } of everyCutting(Uint8Array.from(bytes))) {
		expect(await readText(streamOf(...chunks), 100, { contentType }), name).toBe(text);
	}
});

test.each([
	['in the middle', [0x22, 0xfc, 0x22]],
	['at the end', [0x22, 0xc3]],
])('read strictly, bytes that are not text %s are an error', async (_where, bytes) => {
	for (const { name, chunks } of everyCutting(Uint8Array.from(bytes))) {
		const error = await providerErrorOf(() =>
			readText(streamOf(...chunks), 100, { isStrict: true }),
		);
		expect(error.kind, name).toBe('protocol');
		expect(error.message, name).toContain('utf-8');
	}
});
