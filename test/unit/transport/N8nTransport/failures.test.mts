import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../../support/failure.mts';
import { bytesOf } from '../../../support/splits.mts';
import { collect } from '../../../support/streams.mts';

import { ok, open, POST } from './opened.mts';

describe('failures', () => {
	const reset = Object.assign(new Error('hunter22'), { code: 'ECONNRESET', config: { a: 1 } });

	test('of the request are network errors without their causes', async () => {
		const { transport } = open(() => {
			throw reset;
		});
		const error = await providerErrorOf(() => transport.send(POST));
		expect(error).toMatchObject({
			kind: 'network',
			retryable: true,
			details: { code: 'ECONNRESET' },
		});
		expect(error.cause).toBeUndefined();
	});

	test('of the body are network errors', async () => {
		const { transport } = open(() => ok(bytesOf('a'), reset));
		const { body } = await transport.send(POST);
		expect((await providerErrorOf(() => collect(body))).kind).toBe('network');
	});

	test('of the credential are told before anything is sent', async () => {
		const credential = { proxyUrl: 'socks5://proxy.example' };
		const error = await providerErrorOf(() => open(() => ok(), { credential }));
		expect(error.kind).toBe('refused');
	});
});
