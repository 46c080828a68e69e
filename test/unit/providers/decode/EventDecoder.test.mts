import fc from 'fast-check';
import { expect, test } from 'vitest';

import { EventDecoder } from '../../../../providers/decode/EventDecoder.ts';
import { providerErrorOf } from '../../../support/failure.mts';
import { bytesOf, everyCutting } from '../../../support/splits.mts';

function eventsOf(chunks: Uint8Array[], longestLine?: number): string[] {
	const decoder = new EventDecoder(longestLine);
	return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.finish()];
}

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
])('%s', (_behaviour, lines, events) => {
	for (const { name, chunks } of everyCutting(bytesOf(lines.join('\n')))) {
		expect(eventsOf(chunks), name).toEqual(events);
	}
});

test.each(['\n', '\r\n', '\r'])(
	'with the line end %j, events come out however they are cut',
	(end) => {
		const lines = [': hi', 'event: x', 'data: é😀', 'data:', '', '', 'data:  b ', '', 'data: c'];
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
		expect(eventsOf(chunks), name).toEqual(['b']);
	}
});

test('only one space behind the colon is framing, and none behind a field without one', () => {
	const text = 'data:  a\n\ndata:b\n\ndata: \n\ndata:\n\ndata\n\ndata\n data: x\n\n';
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
