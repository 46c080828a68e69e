import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';

import {
	json,
	type MemoryAnswer,
	MemoryTransport,
	page,
} from '../../test/support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../test/support/pages.mts';
import { ProviderError } from '../errors.ts';
import {
	errorDetails,
	httpError,
	inBandError,
	isWebPage,
	pageError,
	readServiceError,
	retryAfter,
} from './serviceErrors.ts';

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

	test('of a used up account is about its quota, never retried', async () => {
		const error = await inBand({ error: { message: 'x', code: 'insufficient_quota' } });
		expect(error).toMatchObject({ kind: 'quota', retryable: false });
	});
});

test('429 of a used up account is about its quota, never retried', async () => {
	const error = await errorFor(json({ error: { code: 'insufficient_quota' } }, 429));
	expect(error).toMatchObject({ kind: 'quota', retryable: false, details: { status: 429 } });
});

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

function serviceMessage(body: string): string {
	return readServiceError(body).message;
}

describe('the words of a JSON body', () => {
	test.each([
		['OpenAI', { error: { message: 'Wrong key', type: 'auth', code: 'invalid_api_key' } }],
		['Azure', { error: { code: '401', message: 'Wrong key', innererror: { code: 'x' } } }],
		['Azure API management', { statusCode: 401, message: 'Wrong key' }],
		['an error in words', { error: 'Wrong key' }],
		['a message beside an error', { message: 'Wrong key', error: 'Unauthorized' }],
		['FastAPI in words', { detail: 'Wrong key' }],
		['FastAPI as a list', { detail: [{ loc: ['body', 'x'], msg: 'Wrong key', type: 'missing' }] }],
		['FastAPI as an object', { detail: { message: 'Wrong key' } }],
		['a list of errors', [{ error: { message: 'Wrong key', code: 400 } }]],
		['a bare string', 'Wrong key'],
		['an empty message, then words', { message: '', error: { message: 'Wrong key' } }],
	])('%s', (_service, body) => {
		expect(serviceMessage(JSON.stringify(body))).toBe('Wrong key');
	});

	test.each([
		['{"code":5}'],
		['[]'],
		['null'],
		['{"error":{"code":5}}'],
		['{"message":{"deep":"words"}}'],
		['{ broken'],
	])('%j has none of the known shapes and is quoted', (body) => {
		expect(serviceMessage(body)).toBe(body);
	});

	test('lists nested without end are no harm', () => {
		const body = '['.repeat(60_000) + ']'.repeat(60_000);
		expect(serviceMessage(body)).toMatch(/^\[+\]*$/);
	});
});

describe('the words of a page', () => {
	test('are its title', () => {
		expect(serviceMessage(PLAIN_PAGE)).toBe('Welcome to nginx!');
		expect(serviceMessage(CAPTCHA_PAGE)).toBe('Just a moment...');
	});

	test.each(['', '<title></title>', '<title>  </title>'])('with %j: its visible text', (title) => {
		const page = `<html><head>${title}<style>p{a:b}</style></head><body><script>var x=1</script><p>Go\n away</p></body></html>`;
		expect(serviceMessage(page)).toBe('Go away');
	});

	test('a title with attributes counts', () => {
		expect(serviceMessage('<html><title lang="en"> Busy </title>')).toBe('Busy');
	});

	// vm interrupts regular expressions too: a hang fails here instead of stopping the whole suite.
	test.each([
		['opening brackets', '<'],
		['unfinished scripts', '<script'],
		['unfinished titles', '<title'],
	])('256 KB of %s do not hang n8n', (_what, part) => {
		const body = `<html>${part.repeat(Math.ceil((256 * 1024) / part.length))}`;
		const words = runInNewContext(
			'serviceMessage(body)',
			{ serviceMessage, body },
			{ timeout: 5000 },
		);
		expect((words as string).length).toBeLessThanOrEqual(8192);
	});
});

describe('one short line', () => {
	test('plain text is taken as it is', () => {
		expect(serviceMessage('Too many requests')).toBe('Too many requests');
	});

	test('white space of every kind becomes one space', () => {
		expect(serviceMessage(' a\r\n\tb\u00a0 c\u2028d ')).toBe('a b c d');
	});

	test('an empty body has no words', () => {
		expect(serviceMessage('')).toBe('');
		expect(serviceMessage(' \n ')).toBe('');
	});

	test('300 characters stay whole', () => {
		expect(serviceMessage('x'.repeat(300))).toBe('x'.repeat(300));
	});

	test('white space does not count', () => {
		expect(serviceMessage(` ${'x '.repeat(150)}${' '.repeat(500)}`)).toHaveLength(299);
	});
});

describe('a web page', () => {
	test.each([
		'<!DOCTYPE html><html>',
		'<!doctype html>',
		'<html lang="en">',
		'<HTML>',
		'\uFEFF<html>',
		' \r\n<html>',
		'<head>',
		'<body class="x">',
		'<!-- a comment --><html>',
		'<!-- a\ncomment -->\n<!doctype html>',
	])('%j is one', (body) => {
		expect(isWebPage(body)).toBe(true);
	});

	test.each([
		'',
		'Hello <html>',
		'{"html":"<html>"}',
		'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
		'<?xml version="1.0"?><error/>',
		'<htmlx>',
		'<header>',
		'<Error><Code>AccessDenied</Code></Error>',
		'data: <html>',
	])('%j is none', (body) => {
		expect(isWebPage(body)).toBe(false);
	});
});

describe('code and parameter', () => {
	test.each([
		[{ error: { message: 'x', code: 'insufficient_quota' } }, 'insufficient_quota'],
		[{ error: { message: 'x', code: 429 } }, '429'],
		[{ error: { message: 'x', code: null, type: 'rate_limit' } }, 'rate_limit'],
		[{ error: { message: 'x', type: 'rate_limit' } }, 'rate_limit'],
		[{ code: 'E42', message: 'x' }, 'E42'],
		[[{ error: { message: 'x', code: 400 } }], '400'],
		[{ error: 'x' }, undefined],
		[{ message: 'x', code: {} }, undefined],
	])('%j has the code %j', (body, code) => {
		expect(readServiceError(JSON.stringify(body)).code).toBe(code);
	});

	test('the field that is complained of is told', () => {
		const body = JSON.stringify({ error: { message: 'x', param: 'temperature' } });
		expect(readServiceError(body).parameter).toBe('temperature');
	});

	test('what is not told is not there', () => {
		expect(readServiceError('Too many requests')).toEqual({ message: 'Too many requests' });
		expect(readServiceError('{"message":"x","param":null}')).toEqual({ message: 'x' });
	});
});
