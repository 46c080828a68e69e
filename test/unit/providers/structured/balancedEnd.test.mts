import fc from 'fast-check';
import { expect, test } from 'vitest';

import { balancedEnd } from '../../../../providers/structured/balancedEnd.ts';

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
