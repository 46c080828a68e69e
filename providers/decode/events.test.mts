import fc from 'fast-check';
import { expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { bytesOf, everyCutting } from '../../test/support/splits.mts';
import { collect, streamOf, watched } from '../../test/support/streams.mts';
import { EventDecoder, parseField, readEventData, readLines, type StreamEvent } from './events.ts';

function eventsOf(chunks: Uint8Array[], maxLineBytes?: number): StreamEvent[] {
	const decoder = new EventDecoder(maxLineBytes);
	return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.finish()];
}

test.each([
	['one event', ['data: a', ''], ['a']],
	['lines of one event are joined with line breaks', ['data: a', 'data: b', ''], ['a\nb']],
	['an empty data line is a line', ['data: a', 'data:', 'data: b', ''], ['a\n\nb']],
	['several events', ['data: a', '', 'data: b', ''], ['a', 'b']],
	['other fields and comments are no data', [': c', 'id: 1', 'data: a', 'retry: 1', ''], ['a']],
	['an event of its own name has it', ['event: x', 'data: a', ''], [{ name: 'x', data: 'a' }]],
	['a name holds for one event', ['event: x', '', 'data: a', ''], ['a']],
	['the default name is none', ['event: message', 'data: a', ''], ['a']],
	['an error field is an event of its own', ['error: {}', ''], [{ name: 'error', data: '{}' }]],
	['a bare line of JSON is handed on', ['{"a":1}', ''], [{ name: '', data: '{"a":1}' }]],
	['so is any other line that is no field', ['Slow down.', ''], [{ name: '', data: 'Slow down.' }]],
	['an event without data is none', ['event: x', '', '', 'data: a', ''], ['a']],
	['an event with empty data is one', ['data', ''], ['']],
	['a last event that nothing ends is given out', ['data: a'], ['a']],
	[
		'documents with one line feed between are events',
		['data: {"a":1}', 'data: {"b":2}', 'data: [DONE]', ''],
		['{"a":1}', '{"b":2}', '[DONE]'],
	],
	[
		'a document of several lines is one event',
		['data: {', 'data: "a":1', 'data: }', ''],
		['{\n"a":1\n}'],
	],
	[
		'lines after a broken document belong to it',
		['data: {"a"}', 'data: {"b":2}', ''],
		['{"a"}\n{"b":2}'],
	],
	['no lines are no events', [], []],
])('%s', (_behaviour, lines, events) => {
	for (const { name, chunks } of everyCutting(bytesOf(lines.join('\n')))) {
		expect(eventsOf(chunks), name).toEqual(events);
	}
});

test.each(['\n', '\r\n', '\r'])(
	'with the line end %j, events come out however they are cut',
	(end) => {
		const lines = [': hi', 'id: x', 'data: é😀', 'data:', '', '', 'data:  b ', '', 'data: c'];
		for (const { name, chunks } of everyCutting(bytesOf(lines.join(end)))) {
			expect(eventsOf(chunks), name).toEqual(['é😀\n', ' b ', 'c']);
		}
	},
);

test('whatever the data of events, they come out as they went in', () => {
	const data = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\r'));
	fc.assert(
		fc.property(fc.array(data), (events) => {
			const lines = events.flatMap((text) => [
				...text.split('\n').map((line) => `data: ${line}`),
				'',
			]);
			expect(eventsOf([bytesOf(lines.join('\n'))])).toEqual(events);
		}),
	);
});

test.each([
	'dat: a',
	'datum: a',
	'data2: a',
	'dataa',
	'Data: a',
	' data: a',
	'd',
	'da ta: a',
	': data: a',
])('%j brings no data', (line) => {
	for (const { name, chunks } of everyCutting(bytesOf(`${line}\n\ndata: b\n\n`))) {
		expect(
			eventsOf(chunks).filter((event) => typeof event === 'string'),
			name,
		).toEqual(['b']);
	}
});

test('only one space behind the colon is framing, and none behind a field without one', () => {
	const text = 'data:  a\n\ndata:b\n\ndata: \n\ndata:\n\ndata\n\ndata\n\n';
	for (const { name, chunks } of everyCutting(bytesOf(text))) {
		expect(eventsOf(chunks), name).toEqual([' a', 'b', '', '', '', '']);
	}
});

test('an event is handed on with the chunk that ends it', () => {
	const decoder = new EventDecoder();
	expect(decoder.push(bytesOf('data: a\n'))).toEqual([]);
	expect(decoder.push(bytesOf('\ndata: b\n\nda'))).toEqual(['a', 'b']);
	expect(decoder.push(bytesOf('ta: c\r'))).toEqual([]);
	expect(decoder.push(bytesOf('\n\r'))).toEqual(['c']);
	expect(decoder.finish()).toEqual([]);
});

test('too long a line is refused', async () => {
	const error = await providerErrorOf(() => eventsOf([bytesOf('data: 123456\n\n')], 10));
	expect(error.kind).toBe('refused');
});

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

test.each([
	['data: text', 'data', 'text'],
	['data:text', 'data', 'text'],
	['data:  text', 'data', ' text'],
	['data:   ', 'data', '  '],
	['data: ', 'data', ''],
	['data:', 'data', ''],
	['data', 'data', ''],
	['data:\ttext', 'data', '\ttext'],
	['data: a: b', 'data', 'a: b'],
	['data: text ', 'data', 'text '],
	['event: message', 'event', 'message'],
	['id: 7', 'id', '7'],
	['retry: 10', 'retry', '10'],
	[' data: text', ' data', 'text'],
])('%j is the field %j with the value %j', (line, name, value) => {
	expect(parseField(line)).toEqual({ name, value });
});

test.each(['', ':', ': a comment', ':data: text'])('%j is no field', (line) => {
	expect(parseField(line)).toBeUndefined();
});

test('a value survives the framing, whatever it holds', () => {
	const value = fc.string({ unit: 'binary' }).filter((text) => !/[\r\n]/.test(text));
	fc.assert(
		fc.property(value, (text) => {
			expect(parseField(`data: ${text}`)).toEqual({ name: 'data', value: text });
		}),
	);
});

test.each([
	['long lines', `data: ${'x'.repeat(1024 * 1024)}\n`],
	['empty lines', 'data:\n'.repeat(64 * 1024)],
])('an event of %s that never ends is refused', async (_what, piece) => {
	const decoder = new EventDecoder();
	const bytes = bytesOf(piece);
	let pieces = 0;
	const error = await providerErrorOf(() => {
		for (; pieces < 100; pieces++) decoder.push(bytes);
	});
	expect(error.kind).toBe('refused');
	expect(error.message).toBe('An event of the answer is larger than 16 MB');
	expect(pieces).toBeLessThan(20);
});
