import fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseField } from '../../../../providers/decode/serverSentEvents.ts';

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
