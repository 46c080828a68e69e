import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Pattern, StepBudget } from './pattern.ts';

function matches(pattern: string, text: string): boolean | undefined {
	return new Pattern(pattern).test(text, new StepBudget(1_000_000));
}

const PATTERNS = [
	'a',
	'^a$',
	'^a+b*c?$',
	'^(a|b)+$',
	'^(a+)+$',
	'(?:ab|a)(?:c|bcd)',
	'^(?:a|)b$',
	'^(a*)*b$',
	'^[a-c]{2,3}$',
	'^[^a]{2}',
	'a{2,}',
	'a{0}b',
	'^.b.$',
	'\\bb\\b',
	'\\Bb',
	'^\\w+@\\w+\\.\\w{2,4}$',
	'^([a-c_.-]+)+@example\\.com$',
	'\\d|\\s',
	'[\\]\\-a]',
	'^\\p{Lu}\\p{Ll}*$',
	'\\u{1F600}|\\x61',
	'a*?b+?',
	'',
	'a|^b|c$',
];

describe('agrees with the regular expressions of JavaScript', () => {
	const letters = fc.constantFrom(...'abcA1 @._-]', '😀', 'É', '\n');
	test.each(PATTERNS)('%j', (source) => {
		const native = new RegExp(source, 'u');
		fc.assert(
			fc.property(fc.string({ unit: letters, maxLength: 12 }), (text) => {
				expect(matches(source, text), JSON.stringify(text)).toBe(native.test(text));
			}),
			{ numRuns: 300 },
		);
	});
});

test('any pattern of its parts agrees, too', () => {
	const part = fc.constantFrom('a', 'b', '.', '[ab]', '^', '$', '(a|b)', '(?:ab)', '(a*b|c)');
	const repetition = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?');
	const term = fc
		.tuple(part, repetition)
		.map(([atom, mark]) => ('^$'.includes(atom) ? atom : atom + mark));
	const pattern = fc.array(fc.tuple(term, fc.constantFrom('', '', '|')), { maxLength: 6 });
	fc.assert(
		fc.property(
			pattern,
			fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 }),
			(terms, text) => {
				const source = terms.flat().join('');
				expect(matches(source, text), source).toBe(new RegExp(source, 'u').test(text));
			},
		),
		{ numRuns: 2000 },
	);
});

test.each(['(', '[', 'a{2', '\\', '*'])(
	'%j, which is not a regular expression, forbids nothing',
	(source) => {
		expect(matches(source, 'x')).toBe(true);
	},
);

test.each([
	'(?=a)',
	'(?!a)',
	'(?<=a)b',
	'(a)\\1',
	'(?<n>a)',
	'(a{1000}){1000}',
	'('.repeat(60) + ')'.repeat(60),
])('%j is not matched here', (source) => {
	expect(matches(source, 'a')).toBeUndefined();
});

test('over its budget nothing is claimed', () => {
	expect(new Pattern('^(a+)+$').test('a'.repeat(1000), new StepBudget(100))).toBeUndefined();
});
