import { describe, expect, test } from 'vitest';

import { ProviderError } from '../providers/errors.ts';
import { abortError, networkError } from './networkError.ts';

function coded(code: unknown, cause?: unknown): Error {
	return Object.assign(new Error(`failed with hunter22 ${String(code)}`, { cause }), { code });
}

function named(name: string, extra: object = {}): Error {
	return Object.assign(new Error('blocked'), { name, ...extra });
}

describe('codes', () => {
	test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ERR_NETWORK'])(
		'%s may be over at the next try',
		(code) => {
			expect(networkError(coded(code), undefined)).toMatchObject({
				kind: 'network',
				message: 'The service could not be reached',
				retryable: true,
				details: { code },
			});
		},
	);

	test.each(['ENOTFOUND', 'EHOSTUNREACH', 'ERR_INVALID_URL'])('%s will not be over', (code) => {
		expect(networkError(coded(code), undefined)).toMatchObject({
			kind: 'network',
			retryable: false,
			details: { code },
		});
	});

	test.each(['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT'])('%s is a timeout', (code) => {
		expect(networkError(coded(code), undefined)).toMatchObject({
			kind: 'timeout',
			message: 'The connection timed out',
			retryable: true,
			details: { code },
		});
	});

	test.each([
		'CERT_HAS_EXPIRED',
		'ERR_TLS_CERT_ALTNAME_INVALID',
		'ERR_SSL_WRONG_VERSION_NUMBER',
		'EPROTO',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	])('%s is about the certificate', (code) => {
		expect(networkError(coded(code), undefined)).toMatchObject({
			kind: 'network',
			message: "The service's TLS certificate was not accepted",
			retryable: false,
			details: { code },
		});
	});

	test.each([[coded(undefined)], [coded(5)], [coded('not a code')], ['text'], [undefined], [null]])(
		'%s has no code that is known',
		(thrown) => {
			expect(networkError(thrown, undefined)).toMatchObject({
				kind: 'network',
				retryable: false,
				details: { code: 'UNKNOWN' },
			});
		},
	);
});

describe('causes', () => {
	test('the first code among them counts', () => {
		const error = coded(undefined, coded('ECONNRESET', coded('ENOTFOUND')));
		expect(networkError(error, undefined).details.code).toBe('ECONNRESET');
	});

	test('objects that are no errors are read too', () => {
		const error = { cause: { code: 'ECONNREFUSED' } };
		expect(networkError(error, undefined).details.code).toBe('ECONNREFUSED');
	});

	test('an aggregate’s own code counts', () => {
		const error = Object.assign(new AggregateError([coded('ECONNREFUSED'), coded('EACCES')]), {
			code: 'ECONNREFUSED',
		});
		expect(networkError(error, undefined).details.code).toBe('ECONNREFUSED');
	});

	test('a ring of causes ends', () => {
		const error = new Error('ring');
		error.cause = error;
		expect(networkError(error, undefined).details.code).toBe('UNKNOWN');
	});

	test('are left behind, with everything they may hold', () => {
		const error = networkError(coded('ECONNRESET', coded('ENOTFOUND')), undefined);
		expect(error.cause).toBeUndefined();
		expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain('hunter22');
	});
});

describe('n8n’s guard against requests into the own network', () => {
	test.each(['SsrfBlockedIpError', 'SsrfBlockedHostnameError'])('%s is a refusal', (name) => {
		const error = networkError(named(name), undefined);
		expect(error).toMatchObject({ kind: 'refused', retryable: false });
		expect(error.message).toContain('SSRF');
	});

	test('counts behind an error without a code', () => {
		const error = new Error('failed', { cause: named('SsrfBlockedIpError') });
		expect(networkError(error, undefined).kind).toBe('refused');
	});

	test('counts behind an error with a code', () => {
		expect(networkError(coded('ERR_NETWORK', named('SsrfBlockedIpError')), undefined).kind).toBe(
			'refused',
		);
	});
});

test('a provider error stays the same', () => {
	const error = new ProviderError('refused', 'x');
	expect(networkError(error, new AbortController().signal)).toBe(error);
});

describe('a signal that fired', () => {
	test('with a provider error as its reason is that error', () => {
		const reason = new ProviderError('timeout', 'Too slow');
		const signal = AbortSignal.abort(reason);
		expect(networkError(coded('ECONNRESET'), signal)).toBe(reason);
		expect(abortError(signal)).toBe(reason);
	});

	test.each([[undefined], ['text'], [new Error('x')]])('with the reason %s is a stop', (reason) => {
		expect(networkError(coded('ECONNRESET'), AbortSignal.abort(reason))).toMatchObject({
			kind: 'aborted',
			message: 'The request was canceled',
			retryable: false,
		});
	});

	test('counts more than what was thrown', () => {
		const thrown = new ProviderError('network', 'x');
		expect(networkError(thrown, AbortSignal.abort()).kind).toBe('aborted');
	});

	test('a signal that has not fired does not count', () => {
		expect(networkError(coded('ECONNRESET'), new AbortController().signal).kind).toBe('network');
	});
});
