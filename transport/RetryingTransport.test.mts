import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../providers/errors.ts';
import type { TransportRequest } from '../providers/Transport.ts';
import { providerErrorOf } from '../test/support/failure.mts';
import { type MemoryAnswer, MemoryTransport } from '../test/support/memoryTransport.mts';
import { retryDelay, RetryingTransport, RetryQueue } from './RetryingTransport.ts';

const POST: TransportRequest = {
	method: 'POST',
	url: 'https://a/',
	headers: {},
	body: '{}',
	authenticated: true,
};
const BUSY: MemoryAnswer = { status: 429, headers: { 'retry-after-ms': '1' }, chunks: ['Busy'] };
const RESET = new ProviderError('network', 'Lost', { retryable: true, retryAfter: 1 });

function retrying(answers: Array<MemoryAnswer | Error>, retries = 2) {
	const inner = new MemoryTransport(answers);
	const queue = new RetryQueue();
	const transport = new RetryingTransport(inner, { retries, maxDelay: 1000 }, queue);
	return { inner, queue, transport };
}

describe('is sent once', () => {
	test.each([200, 302, 400, 401, 403, 404, 422, 500])('with the status %i', async (status) => {
		const { inner, transport } = retrying([{ status }]);
		expect((await transport.send(POST)).status).toBe(status);
		expect(inner.requests).toEqual([POST]);
		expect(transport).toMatchObject({ attempts: 1, retries: 0 });
	});

	test('with a failure that will not pass', async () => {
		const refused = new ProviderError('refused', 'No');
		const { transport } = retrying([refused]);
		expect(await providerErrorOf(() => transport.send(POST))).toBe(refused);
		expect(transport.attempts).toBe(1);
	});
});

describe('is sent again', () => {
	test.each([408, 429, 502, 503, 504])('with the status %i', async (status) => {
		const { inner, transport } = retrying([{ ...BUSY, status }, { status: 200 }]);
		expect((await transport.send(POST)).status).toBe(200);
		expect(inner.requests).toEqual([POST, POST]);
		expect(transport).toMatchObject({ attempts: 2, retries: 1 });
		expect(inner.answers[0]?.bodyEnded).toBe(true);
	});

	test('when no answer began', async () => {
		const { transport } = retrying([RESET, RESET, { status: 200 }]);
		expect((await transport.send(POST)).status).toBe(200);
		expect(transport).toMatchObject({ attempts: 3, retries: 2 });
	});
});

test('the last failure is the one thrown', async () => {
	const { queue, transport } = retrying([RESET, RESET, { ...BUSY, status: 503 }, {}]);
	const error = await providerErrorOf(() => transport.send(POST));
	expect(error).toMatchObject({ kind: 'http', details: { status: 503, serviceMessage: 'Busy' } });
	expect(transport).toMatchObject({ attempts: 3, retries: 2 });
	expect(queue.waiting).toBe(0);
});

test('a service that asks for too long a time is not asked again', async () => {
	const { transport } = retrying([{ status: 429, headers: { 'retry-after': '2' } }, {}]);
	const error = await providerErrorOf(() => transport.send(POST));
	expect(error.details.retryAfter).toBe(2000);
	expect(transport.attempts).toBe(1);
});

test('stopping ends the wait', async () => {
	const controller = new AbortController();
	const { queue, transport } = retrying([{ status: 429, headers: { 'retry-after': '1' } }, {}]);
	const failure = providerErrorOf(() => transport.send({ ...POST, signal: controller.signal }));
	while (queue.waiting === 0) await new Promise<void>((resolve) => setImmediate(resolve));
	controller.abort();
	expect((await failure).kind).toBe('aborted');
	expect(queue.waiting).toBe(0);
	expect(transport.retries).toBe(0);
});

const POLICY = { retries: 3, maxDelay: 10_000 };

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
		expect(delay(undefined, 3, 0, 1, { ...POLICY, maxDelay: 700 })).toBe(700);
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
					retry > POLICY.retries || (wish ?? 0) > POLICY.maxDelay,
				);
				expect(milliseconds ?? wish ?? 0).toBeGreaterThanOrEqual(wish ?? 0);
				if (wish === undefined) expect(milliseconds ?? 0).toBeLessThanOrEqual(POLICY.maxDelay);
			},
		),
	);
});
