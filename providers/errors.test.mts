import { describe, expect, test } from 'vitest';

import { ProviderError, type ProviderErrorKind, tooLargeError, toProviderError } from './errors.ts';

const KINDS: ProviderErrorKind[] = [
	'network',
	'timeout',
	'aborted',
	'http',
	'quota',
	'blocked',
	'protocol',
	'truncated',
	'refused',
];

describe('a provider error', () => {
	test('is an error with a name, a kind and a message', () => {
		const error = new ProviderError('http', 'Status 500', { status: 500 });
		expect(error).toBeInstanceOf(Error);
		expect(error).toMatchObject({ name: 'ProviderError', kind: 'http', message: 'Status 500' });
		expect(error.details).toEqual({ status: 500 });
	});

	test('is not retryable unless it says so', () => {
		expect(new ProviderError('network', 'x').retryable).toBe(false);
		expect(new ProviderError('network', 'x', { retryable: true }).retryable).toBe(true);
	});

	test('has a cause only where there is one', () => {
		const cause = new Error('inner');
		expect(new ProviderError('network', 'x', { cause }).cause).toBe(cause);
		expect('cause' in new ProviderError('network', 'x')).toBe(false);
	});
});

describe('after text', () => {
	test.each(KINDS)('%s: without text it is the same error', (kind) => {
		const error = new ProviderError(kind, 'x', { retryable: true });
		expect(error.afterText('')).toBe(error);
	});

	test.each(KINDS)('%s: the text is kept and asking again is over', (kind) => {
		const error = new ProviderError(kind, 'x', { retryable: true, code: 'C' }).afterText('Hel');
		expect(error.details).toEqual({ retryable: false, code: 'C', partialText: 'Hel' });
		expect(error.retryable).toBe(false);
	});

	test.each(KINDS)('%s keeps kind and message', (kind) => {
		expect(new ProviderError(kind, 'x').afterText('Hel')).toMatchObject({ kind, message: 'x' });
	});
});

describe('whatever was thrown', () => {
	test('a provider error stays the same', () => {
		const error = new ProviderError('quota', 'x');
		expect(toProviderError(error)).toBe(error);
	});

	test.each([[new TypeError('x')], ['text'], [undefined], [null], [{ code: 1 }]])(
		'%s becomes a protocol error with its cause',
		(thrown) => {
			const error = toProviderError(thrown);
			expect(error.kind).toBe('protocol');
			expect(error.details.cause).toBe(thrown);
		},
	);
});

test.each([
	['wrongKey', true],
	['noCredit', true],
	['unknownModel', true],
	['unknownHost', true],
	['certificate', true],
	['region', true],
	['noEndpoint', true],
	['input', false],
	['moderation', false],
	['contextTooLong', false],
	['tooLarge', false],
	[undefined, false],
] as const)('%s fails every item: %s', (reason, isForEveryItem) => {
	expect(new ProviderError('http', 'x', { reason }).isForEveryItem).toBe(isForEveryItem);
});

test('a captcha fails every item', () => {
	expect(new ProviderError('blocked', 'x').isForEveryItem).toBe(true);
});

test.each([
	[10, '10 bytes'],
	[1024 * 1024, '1 MB'],
	[10_485_760, '10 MB'],
])('a limit of %i bytes reads %s', (limit, size) => {
	expect(tooLargeError('The answer', limit).message).toBe(`The answer is larger than ${size}`);
});

test('the option that sets a limit is named', () => {
	const { explanation } = tooLargeError('The answer', 10, 'Max Answer Size').details;
	expect(explanation).toContain("'Max Answer Size'");
	expect(tooLargeError('The answer', 10).details.explanation).toContain('Check that the service');
});
