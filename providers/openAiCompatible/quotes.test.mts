import { expect, test } from 'vitest';

import { withoutQuotes } from './quotes.ts';

test.each([
	['whole', 'No: "how does a kite fly?"!', 'How does a kite fly?', 'No: "    ?"!'],
	['in part', 'No: does a kite fly', 'How does a kite fly high?', 'No:    '],
	['as JSON', '"a\\nb\\tc\\"d"', 'a\nb\tc"d', '"  \\""'],
	['twice', 'a b c d, a b c d', 'a b c d', '   ,    '],
	['not at all', 'Field n is unknown', 'Draw a field.', 'Field n is unknown'],
	['by less than a run', 'a kite fly', 'How does a kite fly?', 'a kite fly'],
	['by a word', 'kite', 'kite', 'kite'],
	['that is empty', 'No: ""', '', 'No: ""'],
	['in Chinese', '拒绝：请使用 Responses API 吧', '请使用 Responses API', '拒绝：   吧'],
])('a text that is quoted %s', (_, message, text, rest) => {
	expect(withoutQuotes(message, [text])).toBe(rest);
});

test('a megabyte of one word, quoted, takes far less than quadratic time', () => {
	const begin = performance.now();
	expect(withoutQuotes('a '.repeat(32_000), ['a '.repeat(500_000)]).trim()).toBe('');
	expect(performance.now() - begin).toBeLessThan(3000);
});
