import { describe, expect, test } from 'vitest';

import {
	json,
	type MemoryAnswer,
	MemoryTransport,
	page,
} from '../../test/support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../test/support/pages.mts';
import { ProviderError } from '../errors.ts';
import { errorDetails, httpError, inBandError, pageError } from './serviceErrors.ts';

async function answered(answer: MemoryAnswer) {
	const transport = new MemoryTransport([answer]);
	const request = { method: 'GET', url: 'https://a/', headers: {}, authenticated: false } as const;
	return { transport, response: await transport.send(request) };
}

async function errorFor(answer: MemoryAnswer): Promise<ProviderError> {
	const { response } = await answered(answer);
	return await httpError(response);
}

describe('an error status', () => {
	test('is told with the service’s own words', async () => {
		const error = await errorFor(json({ error: { message: 'Overloaded' } }, 503));
		expect(error).toMatchObject({
			kind: 'http',
			message: 'The service answered with status 503',
			details: { status: 503, serviceMessage: 'Overloaded' },
		});
	});

	test.each([408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529])(
		'%i may be over at the next try',
		async (status) => {
			expect((await errorFor({ status })).retryable).toBe(true);
		},
	);

	test.each([400, 401, 403, 404, 422, 501, 505, 525, 301])(
		'%i will not be over',
		async (status) => {
			expect((await errorFor({ status })).retryable).toBe(false);
		},
	);

	test.each([403, 503])('%i with a challenge is a captcha, never retried', async (status) => {
		const error = await errorFor(page(CAPTCHA_PAGE, status));
		expect(error).toMatchObject({ kind: 'blocked', retryable: false });
		expect(error.details).toMatchObject({ status, serviceMessage: 'Just a moment...' });
	});

	test('with any other page is an error status with the page’s title', async () => {
		const error = await errorFor(page(PLAIN_PAGE, 500));
		expect(error.kind).toBe('http');
		expect(error.details.serviceMessage).toBe('Welcome to nginx!');
	});

	test('with JSON that speaks of a captcha is no page', async () => {
		expect((await errorFor(json({ error: 'captcha required' }, 403))).kind).toBe('http');
	});

	test('of a large body only the beginning is read', async () => {
		const chunks = Array.from({ length: 100 }, () => 'x'.repeat(1024));
		const { transport, response } = await answered({ status: 500, chunks });
		const error = await httpError(response);
		expect(error.details.serviceMessage).toHaveLength(64 * 1024);
		expect(transport.answers[0]).toMatchObject({ bodyEnded: true, chunksTaken: 65 });
	});

	test('is told even when its body breaks off', async () => {
		const broken = new ProviderError('network', 'Lost', { code: 'ECONNRESET' });
		const { response } = await answered({ status: 503, chunks: ['Over', broken] });
		const error = await httpError(response).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ kind: 'http', details: { status: 503 } });
	});
});

describe('a page where an answer was expected', () => {
	test.each([
		'Please solve the captcha',
		'Checking your browser before accessing',
		'Verify you are human',
		'Verify that you are a human',
		'Are you a robot?',
		'Just a moment...',
		'Attention Required! | Cloudflare',
		'Enable JavaScript and cookies to continue',
	])('%j is a challenge', async (words) => {
		const html = `<html><body>${words}</body></html>`;
		const { response } = await answered(page(html));
		expect(pageError(response, html)).toMatchObject({
			kind: 'blocked',
			message: 'The service asks for a captcha',
		});
	});

	test('without a challenge it is simply the wrong thing', async () => {
		const { response } = await answered(page(PLAIN_PAGE));
		expect(pageError(response, PLAIN_PAGE)).toMatchObject({
			kind: 'protocol',
			message: 'The service answered with a web page',
			details: { status: 200, serviceMessage: 'Welcome to nginx!' },
		});
	});
});

describe('the details', () => {
	test.each(['x-request-id', 'request-id'])('hold the %s', async (name) => {
		const { response } = await answered({ headers: { [name]: 'r-1' } });
		expect(errorDetails(response, '').requestId).toBe('r-1');
	});

	test('hold how long to wait', async () => {
		const { response } = await answered({ headers: { 'retry-after': '7' } });
		expect(errorDetails(response, '').retryAfter).toBe(7000);
	});

	test('hold nothing that the answer does not tell', async () => {
		const { response } = await answered({ status: 500 });
		expect(errorDetails(response, '')).toEqual({ status: 500, serviceMessage: '' });
	});
});

describe('a failure within a success', () => {
	async function inBand(body: unknown) {
		const { response } = await answered({});
		return inBandError(response, JSON.stringify(body));
	}

	test('is an error that the service reports', async () => {
		expect(await inBand({ error: { message: 'No', code: 'odd', param: 'size' } })).toMatchObject({
			kind: 'http',
			message: 'The service reports an error',
			retryable: false,
			details: { status: 200, code: 'odd', parameter: 'size', serviceMessage: 'No' },
		});
	});

	test('has the status that its code names', async () => {
		expect(await inBand({ error: { message: 'Busy', code: 503 } })).toMatchObject({
			message: 'The service answered with status 503',
			retryable: true,
			details: { status: 503 },
		});
	});

	test.each([399, 600, 7])('%i is a code, no status', async (code) => {
		expect((await inBand({ error: { message: 'x', code } })).details.status).toBe(200);
	});

	test('has the status that a 200 answer of a gateway names beside its type', async () => {
		const error = await inBand({ error: { message: 'Slow', code: 429, type: 'rate_limit' } });
		expect(error).toMatchObject({ retryable: true, details: { status: 429, code: 'rate_limit' } });
	});

	test('of a used up account is about its quota, never retried', async () => {
		const error = await inBand({ error: { message: 'x', code: 'insufficient_quota' } });
		expect(error).toMatchObject({ kind: 'quota', retryable: false });
	});
});

test('429 of a used up account is about its quota, never retried', async () => {
	const error = await errorFor(json({ error: { code: 'insufficient_quota' } }, 429));
	expect(error).toMatchObject({ kind: 'quota', retryable: false, details: { status: 429 } });
});

test('the rejected text of a model is kept', async () => {
	const failed = { code: 'json_validate_failed', message: 'No', failed_generation: '{"a": 1' };
	const error = await errorFor(json({ error: failed }, 400));
	expect(error.details.failedGeneration).toBe('{"a": 1');
});

test('the address that was asked is named without its query', async () => {
	const { response } = await answered({ status: 500 });
	const details = errorDetails({ ...response, url: 'https://a.example/v1/chat?key=s3cret' }, '');
	expect(details.address).toBe('https://a.example/v1/chat');
});

describe('whether a failure may pass', () => {
	test('500 that names something in the request will not', async () => {
		const error = await errorFor(
			json({ error: { message: 'image input is not supported', code: 500 } }, 500),
		);
		expect(error).toMatchObject({ retryable: false, details: { reason: 'input' } });
	});

	test('503 of a gateway that does not know the model will not', async () => {
		const error = await errorFor(json({ error: { message: '无可用渠道' } }, 503));
		expect(error).toMatchObject({ retryable: false, details: { reason: 'unknownModel' } });
	});

	test('429 of a limit per minute will, though it speaks of a quota', async () => {
		const message = 'You exceeded your current quota, please check your plan and billing details.';
		const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17s' }];
		const error = await errorFor(json([{ error: { code: 429, message, details } }], 429));
		expect(error).toMatchObject({ kind: 'http', retryable: true, details: { retryAfter: 17_000 } });
		const final = await errorFor(json([{ error: { code: 429, message } }], 429));
		expect(final).toMatchObject({ kind: 'quota', retryable: false });
	});

	test('402 will not: it is about money', async () => {
		const error = await errorFor(json({ error: { message: 'Insufficient Balance' } }, 402));
		expect(error).toMatchObject({ kind: 'quota', retryable: false, isForEveryItem: true });
	});
});
