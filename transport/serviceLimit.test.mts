import { describe, expect, test } from 'vitest';

import { ProviderError } from '../providers/errors.ts';
import type { TransportRequest } from '../providers/Transport.ts';
import { providerErrorOf } from '../test/support/failure.mts';
import { type MemoryAnswer, MemoryTransport } from '../test/support/memoryTransport.mts';
import { Pace } from './Pace.ts';
import { limitDelay, RetryingTransport } from './RetryingTransport.ts';

const POST: TransportRequest = {
	method: 'POST',
	url: 'https://a/',
	headers: {},
	body: '{}',
	authenticated: true,
};
const LIMITED: MemoryAnswer = { status: 429, headers: { 'retry-after-ms': '1' } };
const UNTIMED: MemoryAnswer = { status: 429 };
const POLICY = { retries: 0, maxDelay: 1000 };

function retrying(answers: MemoryAnswer[], retries = 0) {
	const inner = new MemoryTransport(answers);
	const pace = new Pace();
	const transport = new RetryingTransport(inner, { ...POLICY, retries }, pace);
	return { inner, pace, transport };
}

describe('the limit of the service', () => {
	test('costs no retry where the service says when to come back, twenty times', async () => {
		const { transport } = retrying([...Array<MemoryAnswer>(20).fill(LIMITED), {}], 0);
		expect((await transport.send(POST)).status).toBe(200);
		expect(transport).toMatchObject({ attempts: 21, retries: 20 });
	});

	test('that is never renewed fails the request after twenty waits, and the next at once', async () => {
		const { inner, pace, transport } = retrying(Array<MemoryAnswer>(25).fill(LIMITED), 0);
		const error = await providerErrorOf(() => transport.send(POST));
		expect(error).toMatchObject({ kind: 'http', details: { status: 429 } });
		expect(error.details.explanation).toContain('refused the request 21 times');
		expect(transport.attempts).toBe(21);
		const next = new RetryingTransport(inner, POLICY, pace);
		expect((await providerErrorOf(() => next.send(POST))).details.explanation).toContain('once');
		expect(next.attempts).toBe(1);
	});

	test('without a time costs a retry, unless others were served meanwhile', async () => {
		const alone = retrying([UNTIMED, {}], 0);
		expect((await providerErrorOf(() => alone.transport.send(POST))).details.status).toBe(429);
		const { inner, pace, transport } = retrying([UNTIMED, {}, {}]);
		const other = new RetryingTransport(inner, POLICY, pace);
		const both = await Promise.all([transport.send(POST), other.send(POST)]);
		expect(both.map(({ status }) => status)).toEqual([200, 200]);
		expect(transport).toMatchObject({ attempts: 2, retries: 1 });
	});

	test('of which nothing remains keeps the next request back until it is renewed', async () => {
		const headers = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '60ms' };
		const { transport } = retrying([{ headers }, {}]);
		const start = performance.now();
		await transport.send(POST);
		await transport.send(POST);
		expect(performance.now() - start).toBeGreaterThanOrEqual(59);
		expect(transport).toMatchObject({ attempts: 2, retries: 0 });
	});

	test.each([
		['a year', { 'x-ratelimit-reset': '31536000' }],
		['no time', {}],
		['a time that has passed', { 'x-ratelimit-reset': '1000000000' }],
	])('of which nothing remains for %s holds nobody up before a refusal', async (_, reset) => {
		const headers: Record<string, string> = { 'x-ratelimit-remaining': '0', ...reset };
		const { transport } = retrying([{ headers }, {}]);
		const start = performance.now();
		await transport.send(POST);
		await transport.send(POST);
		expect(performance.now() - start).toBeLessThan(900);
	});

	test('is that of the service: it is not asked of other hosts, nor of files', async () => {
		const get: TransportRequest = {
			method: 'GET',
			url: 'https://a/',
			headers: {},
			authenticated: true,
		};
		for (const request of [get, { ...POST, authenticated: false }]) {
			const { pace, transport } = retrying([LIMITED, LIMITED, LIMITED], 2);
			expect((await providerErrorOf(() => transport.send(request))).details.status).toBe(429);
			expect(transport.attempts).toBe(3);
			expect(pace.closings).toBe(0);
		}
	});
});

describe('how long the gate is closed', () => {
	const closed = (retryAfter: number | undefined, closings = 1, random = 1, maxDelay = 8000) => {
		const details = { status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) };
		return limitDelay(
			new ProviderError('http', 'x', details),
			{ ...POLICY, maxDelay },
			closings,
			random,
		);
	};

	test('is what the service asks for, and a little', () => {
		expect([closed(1000, 1, 0), closed(1000), closed(500)]).toEqual([1000, 1020, 510]);
		expect(closed(8001)).toBeUndefined();
	});

	test.each([undefined, 0])('grows where it asks for %j', (asked) => {
		expect([1, 2, 3].map((closings) => closed(asked, closings))).toEqual([1000, 4000, 8000]);
		expect([1, 2, 3].map((closings) => closed(asked, closings, 0))).toEqual([500, 2000, 4000]);
	});
});
