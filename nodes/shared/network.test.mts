import { expect, test } from 'vitest';

import { networkProperties, networkSettings } from './network.ts';

test('what is not set has the default that the fields show', () => {
	const standard = Object.fromEntries(
		networkProperties.map((field) => [field.name, field.default as number]),
	);
	expect(networkSettings({})).toEqual(networkSettings(standard));
});

test('seconds become milliseconds, each in its place', () => {
	const fields = {
		timeout: 1,
		firstByteTimeout: 2,
		idleTimeout: 3,
		maxRetries: 4,
		maxRetryDelay: 5,
		retryUnanswered: true,
	};
	expect(networkSettings(fields)).toEqual({
		limits: { total: 1000, firstByte: 2000, idle: 3000 },
		retry: { retries: 4, maxDelay: 5000, repeatsCostly: true },
	});
});

test('zero is a number too', () => {
	expect(networkSettings({ maxRetries: 0, maxRetryDelay: 0 }).retry).toEqual({
		retries: 0,
		maxDelay: 0,
		repeatsCostly: false,
	});
});
