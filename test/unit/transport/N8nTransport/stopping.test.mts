import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../../providers/errors.ts';
import { providerErrorOf } from '../../../support/failure.mts';
import { bytesOf } from '../../../support/splits.mts';

import { ok, open, POST } from './opened.mts';

describe('stopping', () => {
	test('n8n’s own signal cannot replace ours', async () => {
		const controller = new AbortController();
		const other = new AbortController().signal;
		const { calls, transport } = open((options) => {
			options.abortSignal = other;
			return ok();
		});
		await transport.send({ ...POST, signal: controller.signal });
		// n8n copies the options: the signal must be an own, enumerable property.
		const { abortSignal } = { ...calls[0]!.options } as unknown as { abortSignal: AbortSignal };
		expect(abortSignal).not.toBe(other);
		expect(abortSignal.aborted).toBe(false);
		controller.abort();
		expect(abortSignal.aborted).toBe(true);
	});

	test('what is stopped already is not sent', async () => {
		const { calls, transport } = open(() => ok());
		const error = await providerErrorOf(() =>
			transport.send({ ...POST, signal: AbortSignal.abort() }),
		);
		expect(error.kind).toBe('aborted');
		expect(calls).toEqual([]);
	});

	test('a time limit’s own error comes out, of the request and of the body', async () => {
		const limit = new ProviderError('timeout', 'Too slow');
		for (const breakIn of ['request', 'body']) {
			const controller = new AbortController();
			const failure = Object.assign(new Error('canceled'), { code: 'ERR_CANCELED' });
			const { transport } = open(() => {
				if (breakIn === 'request') {
					controller.abort(limit);
					throw failure;
				}
				return ok(bytesOf('a'), failure);
			});
			const error = await providerErrorOf(async () => {
				const { body } = await transport.send({ ...POST, signal: controller.signal });
				for await (const chunk of body) {
					expect(chunk).toEqual(bytesOf('a'));
					controller.abort(limit);
				}
			});
			expect(error, breakIn).toBe(limit);
		}
	});
});
