import { expect } from 'vitest';

import { ProviderError } from '../../providers/errors.ts';

/** What this work throws or rejects with; a test in which it succeeds fails. */
export async function failureOf(work: () => unknown): Promise<unknown> {
	let result: unknown;
	try {
		result = await work();
	} catch (error) {
		return error;
	}
	throw new Error(`It should have failed, but gave ${JSON.stringify(result)}`);
}

/** The ProviderError this work fails with; another error fails the test. */
export async function providerErrorOf(work: () => unknown): Promise<ProviderError> {
	const error = await failureOf(work);
	expect(error).toBeInstanceOf(ProviderError);
	return error as ProviderError;
}
