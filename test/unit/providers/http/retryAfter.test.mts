import { expect, test } from 'vitest';

import { retryAfter } from '../../../../providers/http/retryAfter.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');

test.each([
	['0', 0],
	['1', 1000],
	['120', 120_000],
	['1.5', 1500],
	[' 3 ', 3000],
])('%j is a number of seconds', (value, milliseconds) => {
	expect(retryAfter({ 'retry-after': value }, NOW)).toBe(milliseconds);
});

test('a date is the time until then', () => {
	expect(retryAfter({ 'retry-after': 'Tue, 01 Jan 2030 00:00:30 GMT' }, NOW)).toBe(30_000);
});

test('a date that has passed is no wait', () => {
	expect(retryAfter({ 'retry-after': 'Mon, 31 Dec 2029 23:59:00 GMT' }, NOW)).toBe(0);
});

test('milliseconds are finer, so they count', () => {
	expect(retryAfter({ 'retry-after-ms': '250', 'retry-after': '9' }, NOW)).toBe(250);
});

test('milliseconds that are none leave the seconds', () => {
	expect(retryAfter({ 'retry-after-ms': 'soon', 'retry-after': '9' }, NOW)).toBe(9000);
});

test('an answer that does not ask has no wait', () => {
	expect(retryAfter({}, NOW)).toBeUndefined();
});

test.each(['', ' ', 'soon', '1e3', '120, 120', 'NaN', 'Infinity', '-5', 'in 5 minutes', '5, 10'])(
	'%j is not understood',
	(value) => {
		expect(retryAfter({ 'retry-after': value }, NOW)).toBeUndefined();
	},
);
