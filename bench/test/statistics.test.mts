import { describe, expect, it } from 'vitest';

import { fittedExponent, lastExponent } from '../statistics/exponent.mts';
import { shuffled } from '../statistics/shuffled.mts';
import { medianOf, roundRatios, spreadOf } from '../statistics/spread.mts';

const SIZES = [10, 100, 1000, 10_000];
const growing = (value: (size: number) => number) =>
	SIZES.map((size) => ({ size, value: value(size) }));

describe('The mathematics of the comparison', () => {
	it('takes the middle, and between two middles their mean', () => {
		expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
		expect(medianOf([100, 9, 20, 30])).toBe(25);
		expect(() => medianOf([])).toThrow(/No rounds/);
	});

	it('does not change the order of what it was given', () => {
		const rounds = [3, 1, 2];
		spreadOf(rounds);
		expect(rounds).toEqual([3, 1, 2]);
	});

	it('compares round by round, not median by median', () => {
		expect(roundRatios([1, 20], [2, 10])).toEqual([0.5, 2]);
		expect(() => roundRatios([1], [1, 2])).toThrow(/same rounds/);
	});

	it.each([
		[1, (size: number) => 3 * size],
		[2, (size: number) => size * size],
		[0, () => 7],
		[-1, (size: number) => 5 / size],
	])('finds the exponent %d', (exponent, value) => {
		expect(fittedExponent(growing(value))).toBeCloseTo(exponent, 10);
		expect(lastExponent(growing(value))).toBeCloseTo(exponent, 10);
	});

	it('sees growth at the upper end that a fixed cost hides from the fit', () => {
		const points = growing((size) => 1000 + size ** 2 / 1000);
		expect(fittedExponent(points)).toBeLessThan(1.1);
		expect(lastExponent(points.reverse())).toBeGreaterThan(1.5);
	});

	it('refuses to fit one size', () => {
		expect(() => fittedExponent([{ size: 1, value: 1 }])).toThrow(/two sizes/);
	});

	it('shuffles without losing any', () => {
		const random = [0.5, 0.1, 0.9, 0.3];
		expect(shuffled(['a', 'b', 'c', 'd'], () => random.shift() as number)).toEqual([
			'b',
			'd',
			'a',
			'c',
		]);
	});
});
