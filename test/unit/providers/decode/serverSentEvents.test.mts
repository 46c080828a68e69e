import fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseField, readEventData } from '../../../../providers/decode/serverSentEvents.ts';
import { readLines } from '../../../../providers/decode/readLines.ts';
import { bytesOf, everyCutting } from '../../../support/splits.mts';
import { collect, streamOf } from '../../../support/streams.mts';

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
	['one event', ['data: a', ''], ['a']],
	['lines of one event are joined with line breaks', ['data: a', 'data: b', ''], ['a\nb']],
	['an empty data line is a line', ['data: a', 'data:', 'data: b', ''], ['a\n\nb']],
	['several events', ['data: a', '', 'data: b', ''], ['a', 'b']],
	['other fields and comments are no data', ['event: x', ': c', 'id: 1', 'data: a', ''], ['a']],
	['an event without data is none', ['event: x', '', '', 'data: a', ''], ['a']],
	['an event with empty data is one', ['data', ''], ['']],
	['a last event that nothing ends is given out', ['data: a'], ['a']],
	['no lines are no events', [], []],
])('events: %s', async (_behaviour, lines, events) => {
	expect(await collect(readEventData(streamOf(...lines)))).toEqual(events);
});

test.each(['\n', '\r\n', '\r'])(
	'with the line end %j, events come out however they are cut',
	async (end) => {
		const lines = [': hi', 'event: x', 'data: é😀', 'data:', '', '', 'data:  b ', '', 'data: c'];
		for (const { name, chunks } of everyCutting(bytesOf(lines.join(end)))) {
			const events = await collect(readEventData(readLines(streamOf(...chunks))));
			expect(events, name).toEqual(['é😀\n', ' b ', 'c']);
		}
	},
);

test('whatever the data of events, they come out as they went in', async () => {
	const data = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\r'));
	await fc.assert(
		fc.asyncProperty(fc.array(data), async (events) => {
			const lines = events.flatMap((text) => [
				...text.split('\n').map((line) => `data: ${line}`),
				'',
			]);
			expect(await collect(readEventData(streamOf(...lines)))).toEqual(events);
		}),
	);
});
