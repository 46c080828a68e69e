import { expect, test } from 'vitest';

import { asObject, asText, parseJson } from './json.ts';

test('a JSON text is parsed', () => {
	expect(parseJson('{"a":[1,null]}')).toEqual({ ok: true, value: { a: [1, null] } });
});

test.each(['', '{', '{"a":}', 'undefined', '<html>', "{'a':1}"])(
	'%j is told to be broken, with a reason',
	(text) => {
		expect(parseJson(text)).toEqual({ ok: false, reason: expect.stringMatching(/./) as string });
	},
);

test('an object is an object', () => {
	const value = { a: 1 };
	expect(asObject(value)).toBe(value);
});

test.each([[null], [[]], ['text'], [1], [undefined], [true]])('%j is no object', (value) => {
	expect(asObject(value)).toBeUndefined();
});

test('a string with something in it is text', () => {
	expect(asText(' ')).toBe(' ');
});

test.each([[''], [0], [null], [undefined], [{}], [['text']]])('%j is no text', (value) => {
	expect(asText(value)).toBeUndefined();
});
