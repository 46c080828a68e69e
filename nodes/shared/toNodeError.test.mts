import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import {
	type FailureReason,
	ProviderError,
	type ProviderErrorDetails,
	type ProviderErrorKind,
} from '../../providers/errors.ts';
import { NODE } from '../../test/support/strictContext.mts';
import { providerErrorBehind, toNodeError } from './toNodeError.ts';

function advice(
	kind: ProviderErrorKind,
	details?: ProviderErrorDetails,
	message = 'Short',
): string {
	const error = new ProviderError(kind, message, details);
	return toNodeError(error, NODE, 0, (text) => text).description ?? '';
}

test.each<[ProviderErrorKind, RegExp]>([
	['aborted', /stopped/],
	['blocked', /captcha.*cookie/],
	['http', /later/],
	['network', /base URL.*proxy/],
	['protocol', /base URL/],
	['quota', /limit.*renewed/],
	['refused', /Change the request/],
	['timeout', /later/],
	['truncated', /closed too early/],
])('%s: what to do, in whole sentences', (kind, words) => {
	expect(advice(kind)).toMatch(words);
	expect(advice(kind)).toMatch(/^[A-Z].*\.$/);
});

test.each([
	[403, /may do this/],
	[407, /proxy/],
	[429, /too many requests/],
	[500, /later/],
])('status %i: what to do about it', (status, words) => {
	expect(advice('http', { status })).toMatch(words);
	expect(advice('http', { status })).toContain(`Status: ${status}.`);
});

test.each([403, 404])('status %i of an image’s link is no matter of the credential', (status) => {
	const explanation = 'It may have expired.';
	expect(advice('http', { status, explanation })).not.toContain('credential');
});

test('a status counts only where it is what failed', () => {
	expect(advice('blocked', { status: 403 })).toContain('captcha');
});

test.each<[FailureReason, RegExp]>([
	['certificate', /Ignore SSL Issues/],
	['contextTooLong', /too long for the model/],
	['input', /Change the field or option that the service names/],
	['moderation', /content rules/],
	['noCredit', /Top up the account/],
	['noEndpoint', /base URL.*supports this operation/],
	['region', /not offered/],
	['tooLarge', /too large/],
	['unknownHost', /No server has this name/],
	['unknownModel', /another model/],
	['wrongKey', /API key/],
])('%s: what to do about it, whatever the status', (reason, words) => {
	for (const status of [400, 401, 404, 429, 503]) {
		expect(advice('http', { reason, status })).toMatch(words);
	}
	expect(advice('quota', { reason })).toMatch(words);
});

test('a model that the service does not have is no matter of the base URL', () => {
	expect(advice('http', { reason: 'unknownModel', status: 404 })).not.toContain('base URL');
});

test('the address is not named where it is not to blame', () => {
	const address = 'http://a/v1';
	expect(advice('http', { status: 429, address })).not.toContain(address);
	expect(advice('http', { status: 404, reason: 'noEndpoint', address })).toContain(address);
	expect(advice('network', { address })).toContain(address);
});

test('the field and the address are named, and what the model wrote', () => {
	const details = { parameter: 'messages.0', address: 'http://a/v1', failedGeneration: '{"a"' };
	expect(advice('protocol', details)).toMatch(
		/ Field: messages\.0\. Address: http:\/\/a\/v1 The model wrote: \{"a"$/,
	);
});

test('everything that is known stands in its order', () => {
	const words = advice('quota', {
		serviceMessage: 'Come back tomorrow',
		code: 'limit',
		status: 200,
		partialText: 'Hello',
	});
	expect(words).toMatch(
		/account\. The service said: Come back tomorrow\. Code: limit\. Status: 200\. Text until then: Hello$/,
	);
});

test('a code that only repeats the status is not mentioned', () => {
	expect(advice('http', { code: '502', status: 502 })).toMatch(
		/base URL in the credential\. Status: 502\.$/,
	);
});

test('what is not known is not mentioned', () => {
	expect(advice('quota', { serviceMessage: '' })).not.toMatch(/said|Code|Status|Text|undefined/);
});

test('an explanation of ours stands in place of the general advice', () => {
	expect(advice('refused', { explanation: 'Models: a, b.' })).toBe('Models: a, b.');
});

const redact = (words: string) => words.replaceAll('hunter22', '*****');

function converted(error: unknown) {
	return toNodeError(error, NODE, 3, redact);
}

describe('a provider error', () => {
	test('has a short message, and a description that says what to do', () => {
		const error = converted(
			new ProviderError('http', 'The service answered with status 429', {
				status: 429,
				code: 'slow_down',
				serviceMessage: 'Too many requests',
			}),
		);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe('The service answered with status 429');
		expect(error.description).toBe(
			'There are too many requests: wait a while, or send fewer at a time. The service said: Too many requests. Code: slow_down. Status: 429.',
		);
		expect(error).toMatchObject({ httpCode: '429', context: { itemIndex: 3 } });
	});

	test.each<ProviderErrorKind>([
		'network',
		'timeout',
		'http',
		'quota',
		'blocked',
		'protocol',
		'truncated',
	])('%s is about the service', (kind) => {
		const error = converted(new ProviderError(kind, 'Short'));
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe('Short');
		expect(error.description).toMatch(/\w+\.$/);
		expect(error.context['itemIndex']).toBe(3);
	});

	test.each<ProviderErrorKind>(['refused', 'aborted'])('%s is about the request', (kind) => {
		const error = converted(new ProviderError(kind, 'Short'));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe('Short');
		expect(error.description).toMatch(/\w+\.$/);
		expect(error.context['itemIndex']).toBe(3);
	});

	test('without a status has no http code', () => {
		const error = converted(new ProviderError('network', 'Short', { code: 'ECONNRESET' }));
		expect((error as NodeApiError).httpCode).toBeNull();
	});

	test.each([401, 403, 404, 429, 500, 503])('of status %i keeps our message', (status) => {
		const error = converted(new ProviderError('http', 'Short', { status }));
		expect(error.message).toBe('Short');
	});

	test('is free of secrets, in message and description', () => {
		const error = converted(
			new ProviderError('http', 'Not hunter22', {
				serviceMessage: 'hunter22 is wrong',
				partialText: 'hunter22',
			}),
		);
		expect(error.message).toBe('Not *****');
		expect(error.description).toContain('***** is wrong');
		expect(JSON.stringify(error)).not.toContain('hunter22');
	});

	test('leaves its cause behind: n8n stores errors', () => {
		const cause = Object.assign(new Error('x'), { config: { headers: { cookie: 'hunter22' } } });
		for (const kind of ['protocol', 'refused'] as const) {
			const error = converted(new ProviderError(kind, 'Short', { cause }));
			expect(error.cause === cause).toBe(false);
			expect(JSON.stringify(error)).not.toContain('hunter22');
		}
	});
});

describe('words that look like system codes stay as they are', () => {
	const WORDS = ['approvePermissions', 'EPERM', 'my-ENOENT-model'];

	test.each(WORDS)('%j in the message of a refusal', (words) => {
		const message = `There is no model '${words}'`;
		expect(converted(new ProviderError('refused', message)).message).toBe(message);
	});

	test.each(WORDS)('%j in the message of a failed answer', (words) => {
		const message = `The service answered: ${words}`;
		expect(converted(new ProviderError('protocol', message)).message).toBe(message);
	});

	test.each(WORDS)('%j in an unexpected error', (words) => {
		expect(converted(new Error(words)).message).toBe(words);
	});

	test('in the description of an error', () => {
		const details = { code: 'ECONNREFUSED', serviceMessage: 'EPERM' };
		const error = converted(new ProviderError('network', 'Short', details));
		expect(error.message).toBe('Short');
		expect(error.description).toContain('The service said: EPERM. Code: ECONNREFUSED.');
	});
});

describe('other errors', () => {
	test.each([
		new NodeOperationError(NODE, "'Prompt' is empty"),
		new NodeApiError(NODE, { message: 'x' }),
	])('an n8n error stays the same', (error) => {
		expect(converted(error)).toBe(error);
	});

	test('an unexpected one keeps its words, without secrets', () => {
		const error = converted(Object.assign(new Error('x hunter22'), { description: 'y hunter22' }));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({ message: 'x *****', description: 'y *****' });
		expect(error.context['itemIndex']).toBe(3);
		expect(JSON.stringify(error)).not.toContain('hunter22');
	});

	test.each([
		['text', 'text'],
		[undefined, 'undefined'],
	])('%j that was thrown is told as it is', (thrown, message) => {
		expect(converted(thrown).message).toBe(message);
	});
});

test('secrets go before anything is cut, in every field that leaves', () => {
	const secret = 's3cret-value';
	const long = `${'x'.repeat(290)}${secret}`;
	const details = { code: secret, explanation: long, requestId: secret, serviceMessage: long };
	const redact = (text: string) => text.replaceAll(secret, '*****');
	const thrown = new ProviderError('http', long, { ...details, partialText: secret });
	const error = toNodeError(thrown, NODE, 0, redact);
	expect(`${error.message} ${error.description}`).not.toContain('s3');
	expect(error.message).toHaveLength(295);
});

test('what a service says is cut to 300 characters, and shows it', () => {
	const serviceMessage = 'y'.repeat(400);
	const error = toNodeError(
		new ProviderError('http', 'Short', { serviceMessage }),
		NODE,
		0,
		String,
	);
	expect(error.description).toContain(`${'y'.repeat(299)}…`);
	expect(error.description).not.toContain('y'.repeat(300));
});

describe('characters that do something', () => {
	const said = (serviceMessage: string) =>
		toNodeError(new ProviderError('http', 'Short', { serviceMessage }), NODE, 0, String)
			.description;

	test.each([
		['NUL', 'a\0b'],
		['bell and backspace', 'a\x07\x08b'],
		['C1 controls', 'a\x85\x9fb'],
		['DEL', 'a\x7fb'],
		['colors', 'a\x1b[1;31m\x1b[0mb'],
		['a colored C1 sequence', 'a\x9b31mb'],
		['a title of a window', 'a\x1b]0;evil\x07b'],
		['a lone escape', 'a\x1bb'],
		['a reversal', 'a\u202eb'],
		['isolates', 'a\u2066\u2069b'],
	])('are taken out: %s', (_, text) => {
		expect(said(text)).toContain('said: ab');
		const partial = new ProviderError('truncated', text, { code: text, partialText: text });
		const error = toNodeError(partial, NODE, 0, String);
		expect(error.message).toBe('ab');
		expect(error.description).toMatch(/Code: ab\. Text until then: ab$/);
		expect(toNodeError(new Error(text), NODE, 0, String).message).toBe('ab');
	});

	test('line breaks, tabs and letters of every script stay', () => {
		const text = 'a\n\tb é 漢字 العربية 😀';
		expect(said(text)).toContain(text);
	});

	test('go before secrets are looked for', () => {
		const error = new ProviderError('http', 'hun\0ter\x1b[0m22');
		expect(toNodeError(error, NODE, 0, redact).message).toBe('*****');
	});
});

test('a cut does not leave half a character', () => {
	const serviceMessage = `${'y'.repeat(298)}😀${'y'.repeat(100)}`;
	const { description } = toNodeError(
		new ProviderError('http', 'Short', { serviceMessage }),
		NODE,
		0,
		String,
	);
	expect(description).toContain(`${'y'.repeat(298)}…`);
	expect(description?.isWellFormed()).toBe(true);
});

test('the failure behind an error keeps its kind and reason, and is redacted alike', () => {
	const details = { reason: 'unknownModel', serviceMessage: 'The key hush!', status: 404 } as const;
	const text = `hush ${'x'.repeat(1000)}`;
	const cause = new Error('hush');
	const error = new ProviderError('http', 'Short', { ...details, failedGeneration: text, cause });
	const redact = (said: string) => said.replaceAll('hush', '*****');
	const failure = providerErrorBehind(toNodeError(error, NODE, 0, redact));
	expect(failure).toMatchObject({ kind: 'http', message: 'Short' });
	expect(failure?.details).toMatchObject({ ...details, serviceMessage: 'The key *****!' });
	// What the model wrote may still be an answer, which must not be cut.
	expect(failure?.details.failedGeneration).toBe(redact(text));
	expect([failure?.cause, failure?.details.cause]).toEqual([undefined, undefined]);
});

test('an error of others has none behind it', () => {
	expect(providerErrorBehind(new NodeOperationError(NODE, 'x'))).toBeUndefined();
});
