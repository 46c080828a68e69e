import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../providers/errors.ts';
import { retryDelay } from '../../../transport/retryPolicy.ts';

const POLICY = { retries: 3, longestWait: 10_000 };

function delay(
	retryAfter: number | undefined,
	retry = 1,
	waiting = 0,
	random = 1,
	policy = POLICY,
) {
	const details = { retryable: true, ...(retryAfter === undefined ? {} : { retryAfter }) };
	return retryDelay(new ProviderError('http', 'x', details), retry, policy, waiting, random);
}

test('what is not retryable is not sent again', () => {
	expect(retryDelay(new ProviderError('http', 'x'), 1, POLICY, 0, 1)).toBeUndefined();
});

test('there are no more retries than the user wants', () => {
	expect([1, 2, 3, 4].map((retry) => delay(0, retry) !== undefined)).toEqual([
		true,
		true,
		true,
		false,
	]);
	expect(delay(0, 1, 0, 1, { ...POLICY, retries: 0 })).toBeUndefined();
});

describe('a service that asks for a time', () => {
	test('gets it in full', () => {
		expect(delay(2000, 1, 0, 0)).toBe(2000);
		expect(delay(0, 1, 0, 0)).toBe(0);
	});

	test('those who wait already are spread behind it', () => {
		expect(delay(2000, 1, 0)).toBe(2050);
		expect(delay(2000, 1, 9)).toBe(2500);
	});

	test('that is longer than the user wants to wait is not asked again', () => {
		expect(delay(10_000, 1, 0, 0)).toBe(10_000);
		expect(delay(10_001)).toBeUndefined();
	});
});

describe('a service that asks for none', () => {
	test('is left alone longer with each retry', () => {
		expect([1, 2, 3].map((retry) => delay(undefined, retry))).toEqual([500, 1000, 2000]);
	});

	test('with full jitter', () => {
		expect([0, 0.5].map((random) => delay(undefined, 2, 0, random))).toEqual([0, 500]);
	});

	test('never longer than the user wants to wait', () => {
		expect(delay(undefined, 3, 0, 1, { ...POLICY, longestWait: 700 })).toBe(700);
	});
});

test('whatever happens, a wait is never negative, and without a wish never too long', () => {
	const unit = fc.double({ min: 0, max: 1, noNaN: true });
	const asked = fc.option(fc.nat(20_000), { nil: undefined });
	fc.assert(
		fc.property(
			asked,
			fc.integer({ min: 1, max: 5 }),
			fc.nat(100),
			unit,
			(wish, retry, waiting, random) => {
				const milliseconds = delay(wish, retry, waiting, random);
				expect(milliseconds === undefined).toBe(
					retry > POLICY.retries || (wish ?? 0) > POLICY.longestWait,
				);
				expect(milliseconds ?? wish ?? 0).toBeGreaterThanOrEqual(wish ?? 0);
				if (wish === undefined) expect(milliseconds ?? 0).toBeLessThanOrEqual(POLICY.longestWait);
			},
		),
	);
});
