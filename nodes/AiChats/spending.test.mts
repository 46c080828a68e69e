import fc from 'fast-check';
import { expect, test } from 'vitest';

import { dollars, measured, Spending } from './spending.ts';

test.each([
	[0, '$0.00'],
	[1, '$1.00'],
	[0.5, '$0.50'],
	[0.0123, '$0.0123'],
	[2.5e-7, '$0.00000025'],
	[1234.5, '$1234.50'],
])('%d is shown as %s', (cost, shown) => {
	expect(dollars(cost)).toBe(shown);
});

test.each([
	[undefined, {}],
	[{ promptTokens: 2 }, {}],
	[{ promptTokens: 2, completionTokens: 3 }, { totalTokens: 5 }],
	[{ promptTokens: 2, completionTokens: 3, totalTokens: 9 }, { totalTokens: 9 }],
	[{ cost: 0 }, { cost: 0 }],
])('of %j this can be counted: %j', (usage, counted) => {
	expect(measured(usage)).toEqual(counted);
});

const PRICES = { inputPrice: 3, outputPrice: 15 };

test.each([
	['in and out', { promptTokens: 1000, completionTokens: 100 }, 0.0045],
	['in and in total', { promptTokens: 1000, totalTokens: 1100 }, 0.0045],
	['in alone', { promptTokens: 1000 }, undefined],
	['in total alone', { totalTokens: 1100 }, undefined],
	['and the cost itself', { promptTokens: 1000, completionTokens: 100, cost: 1 }, 1],
])('tokens %s have this cost', (_name, usage, cost) => {
	expect(new Spending(PRICES).add(usage)?.cost).toBe(cost);
});

test('sums carry no noise, whatever the order', () => {
	// Hundred-millionths of a dollar.
	fc.assert(
		fc.property(fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 1000 }), (amounts) => {
			const spending = new Spending();
			for (const amount of amounts) spending.add({ cost: amount / 1e8 });
			const sum = amounts.reduce((total, amount) => total + amount, 0);
			expect(Math.round(Number(spending.summary.slice(1)) * 1e8)).toBe(sum);
			expect(spending.summary).toMatch(/^\$\d+\.\d{2,8}$/);
		}),
		{ numRuns: 30 },
	);
});

test('an answer that tells nothing counts as an average one, once there is an average', () => {
	const spending = new Spending();
	spending.add(undefined);
	expect([spending.estimate('totalTokens'), spending.isKnown('totalTokens')]).toEqual([0, false]);
	spending.add({ totalTokens: 40 });
	spending.add({ totalTokens: 20 });
	expect(spending.estimate('totalTokens')).toBe(90);
	expect(spending.summary).toBe('60 tokens');
});
