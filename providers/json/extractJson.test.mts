import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { balancedEnd, extractJson } from './extractJson.ts';

test.each([
	['{}', 0, 2],
	['{} {}', 0, 2],
	['{} {}', 3, 5],
	['[{"a":[]}]x', 0, 10],
	['{"}":"]"}', 0, 9],
	['{"\\"}":1}', 0, 9],
	['{"\\\\"}', 0, 6],
	['{', 0, undefined],
	['{"}', 0, undefined],
	['{"\\"}', 0, undefined],
	['{"\\', 0, undefined],
])('in %j what opens at %i ends at %s', (text, start, end) => {
	expect(balancedEnd(text, start)).toBe(end);
});

test('any object or list ends where its JSON does, whatever follows', () => {
	const value = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
	fc.assert(
		fc.property(value, fc.string(), fc.string(), (content, before, after) => {
			const text = JSON.stringify(content);
			expect(balancedEnd(before + text + after, before.length)).toBe(before.length + text.length);
		}),
	);
});

test.each([
	['alone', '{"a":1}', { a: 1 }],
	['among white space', ' \n{"a":1}\n', { a: 1 }],
	['in a fence', '```json\n{"a":1}\n```', { a: 1 }],
	['in a fence without a language', 'Sure:\n```\n{"a":1}\n```\nBye', { a: 1 }],
	['in a fence that nothing ends', '```json\n{"a":1}', { a: 1 }],
	[
		'in a fence that a string holds another of',
		'```json\n{"a":"```js```"}\n```',
		{ a: '```js```' },
	],
	['behind a preamble', 'Here it is: {"a":1}. Done!', { a: 1 }],
	['behind a brace in words', 'For {name} it is {"a":1}, {see above}', { a: 1 }],
	['behind an open quote', 'It\'s 5" long {"a":1}', { a: 1 }],
	['behind a footnote', 'As of [1]: {"a":1}', { a: 1 }],
	['with brackets in its strings', 'x {"a":"}]{["} y', { a: '}]{[' }],
	['with escaped quotes', 'x {"a":"\\"}\\\\"} y', { a: '"}\\' }],
	['a list of objects', 'x [{"a":1}] y', [{ a: 1 }]],
	['the fenced of two', 'Not {"a":1,"b":2} but ```json\n{"a":1}\n```', { a: 1 }],
	['with a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
	['after thinking that nothing opened', 'First {"a":2}, no.\n</think>\n{"a":1}', { a: 1 }],
	['after a stray bracket in the thinking', 'See {below </think> {"a":1}', { a: 1 }],
	['with a tag in a string', 'It: {"a":"</think>"}', { a: '</think>' }],
	['with a raw line break in a string', '{"a":"x\ny","b":{"c":2}}', { a: 'x\ny', b: { c: 2 } }],
	[
		'with commas after the last entries',
		'{"a":[1,2, ],"b":{"c":",]"},\n}',
		{ a: [1, 2], b: { c: ',]' } },
	],
	['the last of two', '{"a":1,"b":2} no: {"a":1}', { a: 1 }],
	['after a broken one', 'Like {"a": …}: {"a":1}', { a: 1 }],
	['a string in a fence', '```json\n"x"\n```', 'x'],
	['a number', '7', 7],
	['a number in a fence', '```json\n7\n```', 7],
])('a value %s comes out', (_where, answer, value) => {
	expect(extractJson(answer)).toEqual({ ok: true, value });
});

test.each([
	['cut by the token limit', '{"total": 3, "people": [{"name": "Ann"}, {"name": "Bob"'],
	['cut after a complete part', '{"invoice": {"number": "A-1"}, "lines": ['],
	['cut inside a string', '{"text": "as in [1, 2]'],
	['a list without its brackets', '{"languages": {"name":"Java"}, {"name":"Python"}}'],
	['an unquoted name outside', '{languages: [{"name":"Java"}]}'],
	['comments outside', '{"author": {"name": "Ann"}, // the author\n "year": "x"}'],
	['broken at the end of the answer', 'Draft {"a":1}, final {"a":2, "b"}'],
	['cut after a draft', 'Draft {"a":1}, final {"a":2, "b": {"c":1}'],
])('of a value that is %s, no part comes out', (_what, answer) => {
	expect(extractJson(answer)).toMatchObject({
		ok: false,
		reason: expect.stringMatching(/^it is not valid JSON/) as string,
	});
});

const isDraft = (value: unknown) =>
	(value as { a?: unknown }).a === 1 ? undefined : 'the answer is a draft';

test.each([
	['before others', '{"a":1} instead of {"a":2,"b":3}', { a: 1 }],
	['after longer ones', 'Not {"b":3,"c":4}, but {"a":1}', { a: 1 }],
	['encoded twice', '"{\\"a\\":1}"', { a: 1 }],
	['encoded twice in a fence', '```json\n"{\\"a\\":1}"\n```', { a: 1 }],
])('of several values the one that fits comes out: %s', (_where, answer, value) => {
	expect(extractJson(answer, isDraft)).toEqual({ ok: true, value });
});

test('where none fits, the fault of the last one is the reason', () => {
	expect(extractJson('{"a":2} or {"a":3}', isDraft)).toEqual({
		ok: false,
		reason: 'the answer is a draft',
	});
});

test.each(['', 'No.', '{', '{"a":', 'a } b { c', "{'a':1}", '```json\nno\n```'])(
	'%j holds none, and the reason says so',
	(answer) => {
		const { ok, reason = '' } = extractJson(answer) as { ok: boolean; reason?: string };
		expect(ok).toBe(false);
		expect(reason).toMatch(/^it is not valid JSON/);
	},
);

describe('any object', () => {
	const object = fc.dictionary(fc.string(), fc.jsonValue());
	const words = fc.string().filter((text) => !/[{}[\]`]/.test(text));

	test('comes out of a fence', () => {
		fc.assert(
			fc.property(
				object,
				words,
				words,
				fc.constantFrom('', 'json', 'JSON'),
				(value, before, after, name) => {
					const written = JSON.stringify(value, null, 2);
					const answer = `${before}\n\`\`\`${name}\n${written}\n\`\`\`\n${after}`;
					const read = JSON.parse(written) as unknown;
					expect(extractJson(answer)).toEqual({ ok: true, value: read });
				},
			),
		);
	});

	test('comes out of sentences', () => {
		fc.assert(
			fc.property(object, words, words, (value, before, after) => {
				const written = JSON.stringify(value);
				const read = JSON.parse(written) as unknown;
				expect(extractJson(`${before}.${written}.${after}`)).toEqual({ ok: true, value: read });
			}),
		);
	});
});

test('no text throws or hangs', () => {
	fc.assert(
		fc.property(
			fc.string({ unit: fc.constantFrom('{', '}', '[', '"', '\\', '`', '1', ':') }),
			(text) => {
				expect(extractJson(text).ok).toBeTypeOf('boolean');
			},
		),
	);
	expect(extractJson('{'.repeat(1_000_000)).ok).toBe(false);
	expect(extractJson('[{"'.repeat(300_000)).ok).toBe(false);
});
