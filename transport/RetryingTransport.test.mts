import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../providers/errors.ts';
import type { TransportRequest } from '../providers/Transport.ts';
import { providerErrorOf } from '../test/support/failure.mts';
import { type MemoryAnswer, MemoryTransport } from '../test/support/memoryTransport.mts';
import { Pace } from './Pace.ts';
import { retryDelay, RetryingTransport } from './RetryingTransport.ts';

const POST: TransportRequest = {
	method: 'POST',
	url: 'https://a/',
	headers: {},
	body: '{}',
	authenticated: true,
};
const BUSY: MemoryAnswer = { status: 429, headers: { 'retry-after-ms': '1' }, chunks: ['Busy'] };
const RESET = new ProviderError('network', 'Lost', { retryable: true, retryAfter: 1 });

/** The request with the key that a service may tell its tries by. */
const KEYED = { ...POST, headers: { 'idempotency-key': expect.stringMatching(/^[\da-f-]{36}$/) } };

function retrying(answers: Array<MemoryAnswer | Error>, retries = 2, repeatsCostly?: boolean) {
	const inner = new MemoryTransport(answers);
	const pace = new Pace();
	const transport = new RetryingTransport(inner, { retries, maxDelay: 1000, repeatsCostly }, pace);
	return { inner, pace, transport };
}

describe('is sent once', () => {
	test.each([200, 302, 400, 401, 403, 404, 422, 501])('with the status %i', async (status) => {
		const { inner, transport } = retrying([{ status }]);
		expect((await transport.send(POST)).status).toBe(status);
		expect(inner.requests).toEqual([KEYED]);
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
	test.each([408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529])(
		'with the status %i',
		async (status) => {
			const { inner, transport } = retrying([{ ...BUSY, status }, { status: 200 }]);
			expect((await transport.send(POST)).status).toBe(200);
			expect(inner.requests).toEqual([KEYED, KEYED]);
			expect(transport).toMatchObject({ attempts: 2, retries: 1 });
			expect(inner.answers[0]?.bodyEnded).toBe(true);
		},
	);

	test('when no answer began', async () => {
		const { transport } = retrying([RESET, RESET, { status: 200 }]);
		expect((await transport.send(POST)).status).toBe(200);
		expect(transport).toMatchObject({ attempts: 3, retries: 2 });
	});
});

test('the last failure is the one thrown', async () => {
	const { pace, transport } = retrying([RESET, RESET, { ...BUSY, status: 503 }, {}]);
	const error = await providerErrorOf(() => transport.send(POST));
	expect(error).toMatchObject({ kind: 'http', details: { status: 503, serviceMessage: 'Busy' } });
	expect(transport).toMatchObject({ attempts: 3, retries: 2 });
	expect(pace.pausing).toBe(0);
});

test.each([429, 503])(
	'a service that asks for too long a time with status %i is not asked again, and the error says so',
	async (status) => {
		const { transport } = retrying([{ status, headers: { 'retry-after': '31536000' } }, {}]);
		const error = await providerErrorOf(() => transport.send(POST));
		expect(error).toMatchObject({ kind: 'http', details: { status, retryAfter: 31_536_000_000 } });
		expect(error.details.explanation).toBe(
			"The service asks to wait 365 days, and 'Max Retry Delay' allows 1 seconds: raise it, or try again later.",
		);
		expect(transport.attempts).toBe(1);
	},
);

test.each([429, 503])('stopping ends the wait after status %i at once', async (status) => {
	const controller = new AbortController();
	const { transport } = retrying([{ status, headers: { 'retry-after': '1' } }, {}]);
	const failure = providerErrorOf(() => transport.send({ ...POST, signal: controller.signal }));
	while (transport.attempts === 0) await new Promise<void>((resolve) => setImmediate(resolve));
	for (let turns = 0; turns < 5; turns++)
		await new Promise<void>((resolve) => setImmediate(resolve));
	const stopped = performance.now();
	controller.abort();
	expect((await failure).kind).toBe('aborted');
	expect(performance.now() - stopped).toBeLessThan(500);
	expect(transport).toMatchObject({ attempts: 1, retries: 0 });
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

describe('a busy service', () => {
	const busy = (status: number, retry: number, random: number, policy = POLICY) =>
		retryDelay(
			new ProviderError('http', 'x', { retryable: true, status }),
			retry,
			policy,
			0,
			random,
		);

	test.each([429, 503, 529])('is given more time with status %i', (status) => {
		const longest = [1, 2, 3].map((retry) => busy(status, retry, 1));
		expect(longest).toEqual([1000, 4000, 10_000]);
		expect([1, 2, 3].map((retry) => busy(status, retry, 0))).toEqual([500, 2000, 5000]);
	});

	test.each([500, 520, 522, 524])('that fails with status %i twice is left alone', (status) => {
		expect(busy(status, 1, 1)).toBe(500);
		expect(busy(status, 2, 1)).toBeUndefined();
	});
});

describe('the idempotency key', () => {
	const key = ({ headers }: TransportRequest) => headers['idempotency-key'];

	test('is the same for every try of a request, and another for the next request', async () => {
		const { inner, transport } = retrying([RESET, RESET, {}, {}]);
		await transport.send(POST);
		await transport.send(POST);
		const [first, second, third, fourth] = inner.requests.map(key);
		expect([second, third]).toEqual([first, first]);
		expect(fourth).not.toBe(first);
	});

	test('that the request brings along is kept', async () => {
		const { inner, transport } = retrying([{}]);
		await transport.send({ ...POST, headers: { 'idempotency-key': 'mine' } });
		expect(inner.requests.map(key)).toEqual(['mine']);
	});

	test('is not sent with GET', async () => {
		const { inner, transport } = retrying([{}]);
		const get: TransportRequest = {
			method: 'GET',
			url: 'https://a/',
			headers: {},
			authenticated: true,
		};
		await transport.send(get);
		expect(inner.requests).toEqual([get]);
	});
});

describe('a request that costs money', () => {
	const COSTLY = { ...POST, isCostly: true };
	const lost = (code: string) =>
		new ProviderError('network', 'Lost', { code, retryable: true, retryAfter: 1 });

	test.each([408, 500, 502, 504, 520, 524])(
		'is not repeated after status %i, unless the user allows it',
		async (status) => {
			const once = retrying([{ ...BUSY, status }, {}]);
			const error = await providerErrorOf(() => once.transport.send(COSTLY));
			expect(error).toMatchObject({ retryable: false, details: { status } });
			expect(error.details.explanation).toContain("'Retry Unanswered Image Requests'");
			expect(once.transport.attempts).toBe(1);
			const again = retrying([{ ...BUSY, status }, {}], 2, true);
			expect((await again.transport.send(COSTLY)).status).toBe(200);
		},
	);

	test.each(['ECONNRESET', 'EPIPE', 'ERR_NETWORK', 'ETIMEDOUT'])(
		'is not repeated when the connection was lost (%s), unless the user allows it',
		async (code) => {
			const once = retrying([lost(code), {}]);
			expect((await providerErrorOf(() => once.transport.send(COSTLY))).retryable).toBe(false);
			const again = retrying([lost(code), {}], 2, true);
			expect((await again.transport.send(COSTLY)).status).toBe(200);
		},
	);

	test.each([429, 503, 529])('is repeated after status %i: nothing was done', async (status) => {
		const { transport } = retrying([{ ...BUSY, status }, {}]);
		expect((await transport.send(COSTLY)).status).toBe(200);
	});

	test.each(['ECONNREFUSED', 'EAI_AGAIN'])('is repeated when it was not sent: %s', async (code) => {
		const { transport } = retrying([lost(code), {}]);
		expect((await transport.send(COSTLY)).status).toBe(200);
	});

	test('keeps the explanation of a failure that would not have been retried anyway', async () => {
		const refused = new ProviderError('refused', 'No', { explanation: 'Because.' });
		const { transport } = retrying([refused]);
		expect(await providerErrorOf(() => transport.send(COSTLY))).toBe(refused);
	});
});
