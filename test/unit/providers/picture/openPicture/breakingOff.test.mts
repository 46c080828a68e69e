import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../../../providers/errors.ts';
import { openLink } from '../../../../../providers/picture/openPicture.ts';
import { providerErrorOf } from '../../../../support/failure.mts';
import { MemoryTransport } from '../../../../support/memoryTransport.mts';

import { bytesOf, large, LINK, opened, PNG, SERVICE } from './opened.mts';

const BROKEN = new ProviderError('network', 'Lost', { code: 'ECONNRESET', retryable: true });

describe('a picture that breaks off', () => {
	test('behind its head is truncated and not asked for again', async () => {
		const chunks = [...large(65_536 * 2).chunks!, BROKEN];
		const { picture } = await opened([{ chunks }]);
		const error = await providerErrorOf(() => bytesOf(picture.bytes));
		expect(error).toMatchObject({
			kind: 'truncated',
			message: 'The answer broke off',
			retryable: false,
			details: { code: 'ECONNRESET' },
		});
	});

	test('within its head is truncated too', async () => {
		const transport = new MemoryTransport([{ chunks: [PNG, BROKEN] }]);
		const error = await providerErrorOf(async () => {
			const picture = await openLink(transport, SERVICE, LINK);
			return await bytesOf(picture.bytes);
		});
		expect(error).toMatchObject({ kind: 'truncated', message: 'The answer broke off' });
	});

	test('because of a time limit or a stop keeps that reason', async () => {
		for (const kind of ['timeout', 'aborted'] as const) {
			const chunks = [...large(65_536 * 2).chunks!, new ProviderError(kind, 'Over')];
			const { picture } = await opened([{ chunks }]);
			expect((await providerErrorOf(() => bytesOf(picture.bytes))).kind).toBe(kind);
		}
	});
});
