import { expect, test } from 'vitest';

import { describe as describeError } from '../../../../nodes/shared/advice.ts';
import {
	ProviderError,
	type ProviderErrorDetails,
	type ProviderErrorKind,
} from '../../../../providers/errors.ts';

function advice(
	kind: ProviderErrorKind,
	details?: ProviderErrorDetails,
	message = 'Short',
): string {
	return describeError(new ProviderError(kind, message, details));
}

test.each<[ProviderErrorKind, RegExp]>([
	['aborted', /stopped/],
	['blocked', /captcha.*cookie/],
	['http', /later/],
	['network', /base URL.*proxy/],
	['protocol', /base URL/],
	['quota', /limit.*renewed/],
	['refused', /option named here/],
	['timeout', /later/],
	['truncated', /not whole/],
])('%s: what to do, in whole sentences', (kind, words) => {
	expect(advice(kind)).toMatch(words);
	expect(advice(kind)).toMatch(/^[A-Z].*\.$/);
});

test.each([
	[401, /session cookie/],
	[403, /valid and allowed/],
	[404, /base URL/],
	[429, /too many requests/],
	[500, /later/],
])('status %i: what to do about it', (status, words) => {
	expect(advice('http', { status })).toMatch(words);
	expect(advice('http', { status })).toContain(`Status: ${status}.`);
});

test.each([403, 404])('status %i of a picture’s link is no matter of the credential', (status) => {
	const explanation = 'It may have expired.';
	expect(advice('http', { status, explanation })).not.toContain('credential');
});

test('a status counts only where it is what failed', () => {
	expect(advice('blocked', { status: 403 })).toContain('captcha');
});

test('a certificate that was not accepted: the option to turn on', () => {
	const message = "The service's TLS certificate was not accepted";
	expect(advice('network', { code: 'CERT_HAS_EXPIRED' }, message)).toContain('Ignore SSL Issues');
});

test('everything that is known stands in its order', () => {
	const words = advice('quota', {
		serviceMessage: 'Come back tomorrow',
		code: 'limit',
		status: 200,
		partialText: 'Hello',
	});
	expect(words).toMatch(
		/credential\. The service said: Come back tomorrow Code: limit\. Status: 200\. Text until then: Hello$/,
	);
});

test('what is not known is not mentioned', () => {
	expect(advice('quota', { serviceMessage: '' })).not.toMatch(/said|Code|Status|Text|undefined/);
});

test('an explanation of ours stands in place of the general advice', () => {
	expect(advice('refused', { explanation: 'Models: a, b.' })).toBe('Models: a, b.');
});
