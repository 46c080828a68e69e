import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../../providers/errors.ts';
import {
	errorDetails,
	httpError,
	inBandError,
	pageError,
} from '../../../../providers/http/errors.ts';
import {
	json,
	type MemoryAnswer,
	MemoryTransport,
	page,
} from '../../../support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../../support/pages.mts';

async function answered(answer: MemoryAnswer) {
	const transport = new MemoryTransport([answer]);
	const request = { method: 'GET', url: 'https://a/', headers: {}, authenticated: false } as const;
	return { transport, response: await transport.send(request) };
}

async function errorFor(answer: MemoryAnswer): Promise<ProviderError> {
	const { transport, response } = await answered(answer);
	return await httpError(response, transport);
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

	test.each([408, 429, 502, 503, 504])('%i may be over at the next try', async (status) => {
		expect((await errorFor({ status })).retryable).toBe(true);
	});

	test.each([400, 401, 403, 404, 422, 500, 501, 301])('%i will not be over', async (status) => {
		expect((await errorFor({ status })).retryable).toBe(false);
	});

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
		const error = await httpError(response, transport);
		expect(error.details.serviceMessage).toHaveLength(300);
		expect(transport.answers[0]).toMatchObject({ bodyEnded: true, chunksTaken: 65 });
	});

	test('is told even when its body breaks off', async () => {
		const broken = new ProviderError('network', 'Lost', { code: 'ECONNRESET' });
		const { transport, response } = await answered({ status: 503, chunks: ['Over', broken] });
		const error = await httpError(response, transport).catch((thrown: unknown) => thrown);
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
		const { transport, response } = await answered(page(html));
		expect(pageError(response, html, transport)).toMatchObject({
			kind: 'blocked',
			message: 'The service asks for a captcha',
		});
	});

	test('without a challenge it is simply the wrong thing', async () => {
		const { transport, response } = await answered(page(PLAIN_PAGE));
		expect(pageError(response, PLAIN_PAGE, transport)).toMatchObject({
			kind: 'protocol',
			message: 'The service answered with a web page',
			details: { status: 200, serviceMessage: 'Welcome to nginx!' },
		});
	});
});

describe('the details', () => {
	test.each(['x-request-id', 'request-id'])('hold the %s', async (name) => {
		const { transport, response } = await answered({ headers: { [name]: 'r-1' } });
		expect(errorDetails(response, '', transport).requestId).toBe('r-1');
	});

	test('hold how long to wait', async () => {
		const { transport, response } = await answered({ headers: { 'retry-after': '7' } });
		expect(errorDetails(response, '', transport).retryAfter).toBe(7000);
	});

	test('hold nothing that the answer does not tell', async () => {
		const { transport, response } = await answered({ status: 500 });
		expect(errorDetails(response, '', transport)).toEqual({ status: 500, serviceMessage: '' });
	});

	test('are free of secrets, also of one that the cut would have split', async () => {
		const { transport, response } = await answered({ headers: { 'x-request-id': 's3cret-value' } });
		const body = `${'x'.repeat(295)}s3cret-value`;
		const details = errorDetails(response, body, transport);
		expect(details.requestId).toBe('*****');
		expect(details.serviceMessage).toBe(`${'x'.repeat(295)}*****`);
	});
});

describe('a failure within a success', () => {
	async function inBand(body: unknown) {
		const { transport, response } = await answered({});
		return inBandError(response, JSON.stringify(body), transport);
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

	test('of a used up account is about its quota, never retried', async () => {
		const error = await inBand({ error: { message: 'x', code: 'insufficient_quota' } });
		expect(error).toMatchObject({ kind: 'quota', retryable: false });
	});
});

test('429 of a used up account is about its quota, never retried', async () => {
	const error = await errorFor(json({ error: { code: 'insufficient_quota' } }, 429));
	expect(error).toMatchObject({ kind: 'quota', retryable: false, details: { status: 429 } });
});
