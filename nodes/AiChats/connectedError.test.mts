import { type JsonObject, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../providers/errors.ts';
import { NODE } from '../../test/support/strictContext.mts';
import { connectedError, maskKeys, secretsIn } from './connectedError.ts';

const { signal } = new AbortController();
const read = (error: unknown) => {
	const { kind, message, details } = connectedError(error, signal);
	return { kind, message, ...details };
};
const failed = (message: string, fields: object = {}) =>
	Object.assign(new Error(message), fields) as Error & JsonObject;

const LIMIT = { status: 429, kind: 'http' };

describe('a status is found', () => {
	test.each([
		[
			'OpenAI',
			failed('429 Rate limit reached', {
				status: 429,
				headers: new Headers({ 'retry-after': '7', 'x-request-id': 'r1' }),
				error: { message: 'Slow down', type: 'requests', code: 'rate_limit_exceeded' },
			}),
			{
				...LIMIT,
				serviceMessage: 'Slow down',
				code: 'rate_limit_exceeded',
				retryAfter: 7000,
				requestId: 'r1',
			},
		],
		[
			'Anthropic',
			failed('429 {"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}', {
				status: 429,
				headers: { 'Retry-After': '3' },
			}),
			{ ...LIMIT, serviceMessage: 'Slow down', code: 'rate_limit_error', retryAfter: 3000 },
		],
		[
			'Google',
			failed('[429 Too Many Requests] You exceeded the limit per minute', {
				status: 429,
				errorDetails: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17s' }],
			}),
			{ ...LIMIT, serviceMessage: expect.stringContaining('limit per minute'), retryAfter: 17_000 },
		],
		[
			'Mistral',
			failed('x', { statusCode: 429, body: '{"message":"Slow down"}' }),
			{ ...LIMIT, serviceMessage: 'Slow down' },
		],
		[
			'Bedrock',
			failed('Slow down', { $metadata: { httpStatusCode: 429 } }),
			{ ...LIMIT, serviceMessage: 'Slow down' },
		],
		[
			'Ollama',
			failed('Slow down', { status_code: 429, error: 'Slow down' }),
			{ ...LIMIT, serviceMessage: 'Slow down' },
		],
		[
			'axios',
			failed('x', {
				response: {
					status: 429,
					headers: { 'retry-after-ms': '5' },
					data: { error: { message: 'Slow down' } },
				},
			}),
			{ ...LIMIT, serviceMessage: 'Slow down', retryAfter: 5 },
		],
		[
			"n8n's wrapper of it",
			new NodeApiError(
				NODE,
				failed('OpenAI: Rate limit reached', { status: 429, error: { message: 'Slow down' } }),
			),
			{ ...LIMIT, serviceMessage: 'Slow down' },
		],
	])('in an error of %s', (_vendor, error, expected) => {
		expect(read(error)).toMatchObject(expected);
	});

	test.each([
		[401, { message: 'Invalid API key' }, 'wrongKey', 'http'],
		[402, { message: 'Pay first' }, 'noCredit', 'quota'],
		[404, { message: 'The model `x` does not exist' }, 'unknownModel', 'http'],
		[400, { message: 'prompt is too long: 9 tokens > 8 maximum' }, 'contextTooLong', 'http'],
		[529, { type: 'overloaded_error', message: 'Overloaded' }, undefined, 'http'],
	])('and with it the reason: %j %j', (status, error, reason, kind) => {
		expect(read(failed('x', { status, error }))).toMatchObject({ kind, status, reason });
	});

	test.each([
		[
			'Anthropic',
			failed(
				'404 {"type":"error","error":{"type":"not_found_error","message":"model: claude-x"}}',
				{ status: 404 },
			),
		],
		[
			'Bedrock',
			failed('The provided model identifier is invalid.', {
				name: 'ValidationException',
				$metadata: { httpStatusCode: 400 },
			}),
		],
		[
			'Azure',
			failed('404 x', {
				status: 404,
				error: { code: 'DeploymentNotFound', message: 'The API deployment does not exist.' },
			}),
		],
	])('and that %s does not have the model', (_vendor, error) => {
		expect(read(error)).toMatchObject({ kind: 'http', reason: 'unknownModel' });
	});

	test('of a node of n8n, whose advice is kept', () => {
		const description = 'Choose another model. The service said: no such model.';
		const error = new NodeApiError(
			NODE,
			{ message: 'x' },
			{ message: 'The service answered with status 404', description, httpCode: '404' },
		);
		expect(read(error)).toMatchObject({
			message: 'The service answered with status 404',
			explanation: description,
			serviceMessage: '',
			status: 404,
		});
	});
});

describe('an error without a status', () => {
	test.each([
		[
			'a refused connection',
			failed('Connection error.', { cause: failed('x', { code: 'ECONNREFUSED' }) }),
			{ kind: 'network', code: 'ECONNREFUSED' },
		],
		[
			"the service's words within a stream, which OpenAI's client keeps",
			failed('No', { error: { message: 'No', code: 'insufficient_quota' } }),
			{ kind: 'quota', reason: 'noCredit', serviceMessage: 'No' },
		],
		['a time limit', failed('Request timed out.', { name: 'TimeoutError' }), { kind: 'timeout' }],
		[
			'a mistake',
			new TypeError('x is not a function'),
			{
				kind: 'protocol',
				message: 'The connected chat model failed',
				serviceMessage: 'x is not a function',
			},
		],
		['no error at all', 'text', { kind: 'protocol', serviceMessage: 'Unknown error' }],
		[
			"a node's refusal",
			new NodeOperationError(NODE, 'No tools', { description: 'Choose another.' }),
			{ kind: 'refused', message: 'No tools', explanation: 'Choose another.' },
		],
		['one of ours', new ProviderError('truncated', 'Cut'), { kind: 'truncated', message: 'Cut' }],
	])('is told by what is known: %s', (_name, error, expected) => {
		expect(read(error)).toMatchObject(expected);
	});

	test('is a stop where the signal fired', () => {
		const controller = new AbortController();
		controller.abort();
		expect(connectedError(new Error('Aborted'), controller.signal).kind).toBe('aborted');
	});
});

describe('keys', () => {
	const none = new Set<string>();

	test.each([
		['Incorrect API key provided: sk-proj-abc***xyz01.', 'Incorrect API key provided: *****.'],
		['key AIzaSyA-0123456789abcdefghijklmno is bad', 'key ***** is bad'],
		['for AKIAIOSFODNN7EXAMPLE', 'for *****'],
		['Authorization: Bearer abcdefgh1234', 'Authorization: Bearer *****'],
		['authorization: basic dXNlcjpwYXNz was sent', 'authorization: basic ***** was sent'],
		['BEARER abcdefgh.ijklmnop', 'BEARER *****'],
		['bearer abcdefghijklmnopqrstuvwx', 'bearer *****'],
		['https://a.example/v1?key=abcdefgh1234&alt=sse', 'https://a.example/v1?key=*****&alt=sse'],
		['{"x-api-key":"abcdefgh1234"}', '{"x-api-key":"*****"}'],
		['token eyJhbGciOiJI.eyJzdWIiOiIx.c2ln', 'token *****'],
	])('are masked in %j', (text, masked) => {
		expect(maskKeys(text, none)).toBe(masked);
	});

	test.each([
		'The token limit is 4096 tokens',
		'model gpt-4o-mini not found in region us-east-1',
		'Basic authentication is off, basic Authorization is on. Use a bearer credential.',
		'tasks: sk-ip, key_concepts_of_it and key: something',
	])('are not seen in %j', (text) => {
		expect(maskKeys(text, none)).toBe(text);
	});

	test('that a model names as its secrets are masked however they look', () => {
		const secrets = new Set(
			secretsIn({ lc_secrets: { apiKey: 'X', other: 'Y' }, apiKey: 'plain words 1' }),
		);
		expect([...secrets]).toEqual(['plain words 1']);
		expect(maskKeys('it is plain words 1', secrets)).toBe('it is *****');
	});

	test.each([[{}], [{ lc_secrets: 'x' }], [{ lc_secrets: { apiKey: 'X' }, apiKey: 7 }]])(
		'of a model without any are none: %j',
		(model) => {
			expect(secretsIn(model)).toEqual([]);
		},
	);
});
