import { expect, test } from 'vitest';

import { retryAfter } from './retryHints.ts';

const after = (headers: Record<string, string>, message = '', body?: unknown) =>
	retryAfter({ headers, message, body, now: NOW });

const NOW = Date.parse('2030-01-01T00:00:00Z');

test.each([
	['0', 0],
	['1', 1000],
	['120', 120_000],
	['1.5', 1500],
	[' 3 ', 3000],
])('%j is a number of seconds', (value, milliseconds) => {
	expect(after({ 'retry-after': value })).toBe(milliseconds);
});

test('a date is the time until then', () => {
	expect(after({ 'retry-after': 'Tue, 01 Jan 2030 00:00:30 GMT' })).toBe(30_000);
});

test('a date that has passed is no wait', () => {
	expect(after({ 'retry-after': 'Mon, 31 Dec 2029 23:59:00 GMT' })).toBe(0);
});

test('milliseconds are finer, so they count', () => {
	expect(after({ 'retry-after-ms': '250', 'retry-after': '9' })).toBe(250);
});

test('milliseconds that are none leave the seconds', () => {
	expect(after({ 'retry-after-ms': 'soon', 'retry-after': '9' })).toBe(9000);
});

test('an answer that does not ask has no wait', () => {
	expect(after({})).toBeUndefined();
});

test.each([
	'',
	' ',
	'soon',
	'1e3',
	'120, 120',
	'NaN',
	'Infinity',
	'-5',
	'in 5 minutes',
	'5, 10',
	'May 1',
	'1 May 2030',
	'Tue, 01 Jan 2030',
])('%j is not understood', (value) => {
	expect(after({ 'retry-after': value })).toBeUndefined();
});

test.each([
	['Tuesday, 01-Jan-30 00:00:30 GMT', 30_000],
	['Tue Jan  1 00:00:30 2030 GMT', 30_000],
])('the older form of a date, %j, is understood too', (value, milliseconds) => {
	expect(after({ 'retry-after': value })).toBe(milliseconds);
});

test.each([
	['Please try again in 7.66s. Visit the console', 7660],
	['Please try again in 2m59.56s.', 179_560],
	['Please try again in 350ms', 350],
	['Try again in 2 minutes.', 120_000],
	['Rate limited, please wait 20 seconds', 20_000],
	['Please retry after 1 hour', 3_600_000],
	['Please retry in 17.5s.', 17_500],
	['Retry in about 3 secs', 3000],
	['You may try again in 1m', 60_000],
	['Try again later', undefined],
	['Please try again in 5 models', undefined],
	['It took 5s. Try again', undefined],
	['wait', undefined],
])('the message %j asks for %j ms', (message, milliseconds) => {
	expect(after({}, message)).toBe(milliseconds);
});

test.each([
	['17s', 17_000],
	['0.5s', 500],
	['1h2m3s', 3_723_000],
	['soon', undefined],
	['', undefined],
])('RetryInfo with %j asks for %j ms', (retryDelay, milliseconds) => {
	const error = { details: [{ '@type': 'google.rpc.Help' }, { retryDelay }] };
	expect(after({}, '', { error })).toBe(milliseconds);
	expect(after({}, '', [{ error }])).toBe(milliseconds);
});

test.each([
	[{}],
	[null],
	[[]],
	[{ error: 'x' }],
	[{ error: { details: 'x' } }],
	[{ error: { details: [null] } }],
])('%j asks for nothing', (body) => {
	expect(after({}, '', body)).toBeUndefined();
});

test('of several limits, those of which nothing remains count, the longest of them', () => {
	const limits = {
		'x-ratelimit-remaining-requests': '14',
		'x-ratelimit-reset-requests': '6m0s',
		'x-ratelimit-remaining-tokens': '0',
		'x-ratelimit-reset-tokens': '7.66s',
		'x-ratelimit-reset-other': '1h',
	};
	expect(after(limits)).toBe(7660);
	expect(after({ ...limits, 'x-ratelimit-remaining-requests': '0' })).toBe(360_000);
});

test.each([
	[String(NOW + 5000), 5000],
	[String(NOW / 1000 + 5), 5000],
	['5', 5000],
	[String(NOW - 5000), 0],
])('a limit that is renewed at %j is renewed in %j ms', (reset, milliseconds) => {
	const limits = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
	expect(after(limits)).toBe(milliseconds);
});

test('of several hints the longest counts', () => {
	expect(after({ 'retry-after': '2' }, 'try again in 7s')).toBe(7000);
	expect(after({ 'retry-after': '9' }, 'try again in 7s')).toBe(9000);
});

test('a message made to take long does not', () => {
	const start = performance.now();
	after({}, 'try again '.repeat(6500));
	after({}, 'wait 1'.repeat(11_000));
	after({}, `wait ${'1'.repeat(65_000)}`);
	expect(performance.now() - start).toBeLessThan(1000);
});
