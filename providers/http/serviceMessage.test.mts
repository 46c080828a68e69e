import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';

import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../test/support/pages.mts';
import { isWebPage, readServiceError } from './serviceMessage.ts';

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
		[
			{ error: { message: 'x', code: 400, type: 'invalid_request_error' } },
			'invalid_request_error',
		],
		[[{ error: { code: 400, message: 'x', status: 'INVALID_ARGUMENT' } }], 'INVALID_ARGUMENT'],
		[{ error: { message: 'x', code: '400', type: null } }, '400'],
		[{ errors: [{ code: 7009, message: 'x' }] }, '7009'],
		[{ error_code: 336003, error_msg: 'x' }, '336003'],
		[{ base_resp: { status_code: 1004, status_msg: 'x' } }, '1004'],
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
		expect(readServiceError('{"message":"x","param":null}')).toEqual({
			message: 'x',
			body: { message: 'x', param: null },
		});
	});
});

const FIELD = { type: 'missing', loc: ['body', 'messages', 0, 'content'], msg: 'Field required' };

test.each([
	[
		'OpenRouter',
		{
			error: {
				message: 'Provider returned error',
				code: 502,
				metadata: { raw: '{"error":{"message":"Overloaded"}}', provider_name: 'DeepInfra' },
			},
		},
		'Provider returned error (DeepInfra): Overloaded',
	],
	[
		'OpenRouter, plain',
		{ error: { message: 'Provider returned error', metadata: { raw: 'Overloaded' } } },
		'Provider returned error: Overloaded',
	],
	['FastAPI', { detail: [FIELD] }, 'Field required'],
	['FastAPI, several', { detail: [FIELD, { msg: 'Too long' }] }, 'Field required; Too long'],
	['FastAPI, text', { detail: 'Not Found' }, 'Not Found'],
	['Mistral', { object: 'error', message: { detail: [FIELD] } }, 'Field required'],
	[
		'Cloudflare',
		{ errors: [{ code: 7009, message: 'Invalid model' }], success: false, messages: [] },
		'Invalid model',
	],
	[
		'MiniMax',
		{ base_resp: { status_code: 1004, status_msg: 'login fail' }, choices: null },
		'login fail',
	],
	['Baidu', { error_code: 336003, error_msg: 'too long' }, 'too long'],
	['one-api', { code: 0, msg: 'no channel' }, 'no channel'],
	['AWS', { Message: 'Header is missing' }, 'Header is missing'],
	['xAI', { code: 'invalid argument', error: 'Argument not supported' }, 'Argument not supported'],
	['Gemini', [{ error: { code: 400, message: 'Unknown name' } }], 'Unknown name'],
	['TGI', { error: 'Template error', error_type: 'template_error' }, 'Template error'],
	[
		'problem details',
		{ type: 'about:blank', title: 'Bad Request', detail: 'No such size' },
		'No such size',
	],
	[
		'JSON within a message',
		{ error: { message: '{"error":{"message":"Overloaded"}}' } },
		'Overloaded',
	],
	['JSON that is no error within a message', { message: '{"a":1}' }, '{"a":1}'],
	['a body without a known shape', { foo: 'bar' }, '{"foo":"bar"}'],
])('the message of %s is found', (_, body, message) => {
	expect(readServiceError(JSON.stringify(body)).message).toBe(message);
});

test.each([
	['FastAPI', { detail: [FIELD] }],
	['Mistral', { message: { detail: [FIELD] } }],
	['LiteLLM', { error: { detail: [FIELD] } }],
])('the field that %s complains of is found', (_, body) => {
	expect(readServiceError(JSON.stringify(body)).parameter).toBe('messages.0.content');
});

test.each([
	['as text', '{"a": ', '{"a": '],
	['as an object', { a: 1 }, '{"a":1}'],
])('a failed generation is kept %s', (_, failed, text) => {
	const body = JSON.stringify({ error: { message: 'x', failed_generation: failed } });
	expect(readServiceError(body).failedGeneration).toBe(text);
});

test('errors within errors do not go on without end', () => {
	const body = `${'{"error":'.repeat(5000)}"x"${'}'.repeat(5000)}`;
	expect(readServiceError(body).message).toBe(body);
});

test('tags within words do not part them: secrets are looked for in the text', () => {
	const page = '<html><body><p>Key <b>sk-1</b>23<wbr>45</p><p>is wrong</p></body></html>';
	expect(readServiceError(page).message).toBe('Key sk-12345 is wrong');
});
