import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../providers/errors.ts';
import type { TransportRequest } from '../../../providers/Transport.ts';
import { RetryingTransport, RetryQueue } from '../../../transport/RetryingTransport.ts';
import { providerErrorOf } from '../../support/failure.mts';
import { type MemoryAnswer, MemoryTransport } from '../../support/memoryTransport.mts';

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
	const transport = new RetryingTransport(inner, { retries, longestWait: 1000 }, queue);
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

test('words are redacted by the transport inside', () => {
	expect(retrying([]).transport.redact('s3cret-value')).toBe('*****');
});
