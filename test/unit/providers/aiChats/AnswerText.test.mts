import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { AnswerText } from '../../../../providers/aiChats/AnswerText.ts';
import { cutText } from '../../../support/splits.mts';

function partsOf(fragments: readonly string[]): string[] {
	const answer = new AnswerText();
	return [...fragments.map((fragment) => answer.push(fragment)), answer.finish()];
}

function textOf(fragments: readonly string[]): string {
	return partsOf(fragments).join('');
}

function wholeText(text: string): string {
	return text.replaceAll('\\n', '\n').trim();
}

describe('line breaks', () => {
	test('the characters backslash and n are a line break', () => {
		expect(textOf(['one\\ntwo'])).toBe('one\ntwo');
	});

	test('also when they are split between two fragments', () => {
		expect(partsOf(['one\\', 'ntwo'])).toEqual(['one', '\ntwo', '']);
	});

	test('also with an empty fragment between them', () => {
		expect(textOf(['one\\', '', 'ntwo'])).toBe('one\ntwo');
	});

	test('a backslash before another character is a backslash', () => {
		expect(partsOf(['C:\\', 'temp'])).toEqual(['C:', '\\temp', '']);
	});

	test('of two backslashes only the second one can begin a line break', () => {
		expect(textOf(['a\\', '\\', 'nb'])).toBe('a\\\nb');
	});

	test('a lone backslash at the end of the answer is text', () => {
		expect(partsOf(['one\\'])).toEqual(['one', '\\']);
	});

	test('a lone backslash behind white space keeps that white space', () => {
		expect(textOf(['one ', '\\'])).toBe('one \\');
	});

	test('a lone backslash is all of an answer', () => {
		expect(textOf([' ', '\\'])).toBe('\\');
	});
});

describe('the ends of the whole text', () => {
	test('are trimmed over many fragments', () => {
		expect(textOf([' ', '\\n', '\t', ' Hello', ' ', 'world', ' ', '\\n', '  '])).toBe(
			'Hello world',
		);
	});

	test('white space waits until text follows it', () => {
		const parts = partsOf(['Hello', ' ', '\\n', 'world']);
		expect(parts).toEqual(['Hello', '', '', ' \nworld', '']);
	});

	test('white space at a fragment’s end waits, its text does not', () => {
		expect(partsOf(['Hello ', 'world '])).toEqual(['Hello', ' world', '']);
	});

	test('white space before the text never comes', () => {
		expect(partsOf(['  ', '  Hello'])).toEqual(['', 'Hello', '']);
	});

	test('line breaks at the ends are white space too', () => {
		expect(textOf(['\\n\\nHello\\n\\n'])).toBe('Hello');
	});

	test('an answer of white space only is no text', () => {
		expect(textOf([' ', '\\n', '\\', 'n', ' '])).toBe('');
	});

	test('white space inside the text stays as it is', () => {
		expect(textOf(['a', '  ', '\t', 'b'])).toBe('a  \tb');
	});
});

test('without fragments there is no text', () => {
	expect(textOf([])).toBe('');
});

test('however an answer is cut, its text is that of the whole', () => {
	const answer = fc.string({
		unit: fc.constantFrom('a', 'n', ' ', '\\', '\\n', '\n', '\t', '\uFEFF', '😀'),
		maxLength: 30,
	});
	fc.assert(
		fc.property(answer, fc.array(fc.nat(60), { maxLength: 12 }), (text, positions) => {
			const inside = positions.map((position) => position % (text.length + 1));
			expect(textOf(cutText(text, inside))).toBe(wholeText(text));
		}),
		{ numRuns: 1000 },
	);
});
