import { describe, expect, test } from 'vitest';

import { ProviderError, type ProviderErrorDetails } from '../../providers/errors.ts';
import type { OpenedService } from '../shared/service.ts';
import { strict } from '../../test/support/strictContext.mts';
import { FailureStreaks } from './failureStreaks.ts';

const URL = 'https://api.example/v1';
const SERVICE = strict<OpenedService>('service', {});
const OTHER = strict<OpenedService>('other', {});
const LIMIT = 4;

const wrongKey = (details: ProviderErrorDetails = {}) =>
	new ProviderError('http', 'Refused', { reason: 'wrongKey', status: 401, ...details });
const times = (count: number, error: unknown) => Array.from({ length: count }, () => error);
const laneOf = (model: string) => ({ service: SERVICE, url: URL, model: () => model });

/** What an item meets after others had these outcomes, all with the model 'a'; 'ok' is a success. */
function met(
	outcomes: unknown[],
	{ model = 'a', service = SERVICE, limit = LIMIT } = {},
): ProviderError | undefined {
	const streaks = new FailureStreaks(limit);
	for (const outcome of outcomes) {
		if (outcome === 'ok') streaks.noteSuccess(laneOf('a'));
		else streaks.noteFailure(outcome, laneOf('a'));
	}
	try {
		streaks.check(service, () => model);
		return undefined;
	} catch (thrown) {
		return thrown as ProviderError;
	}
}

test('an item that would fail alike is not sent, and is told why', () => {
	const error = met([wrongKey({ requestId: 'r-1', partialText: 'x', serviceMessage: 'No.' })]);
	expect(error).toMatchObject({ kind: 'limit', message: 'Not sent: Refused', retryable: false });
	expect(error?.details).toMatchObject({ status: 401, serviceMessage: 'No.' });
	expect(error?.details.explanation).toMatch(/^An earlier item failed .* Check the API key/);
	expect(error?.details).not.toHaveProperty('requestId');
	expect(error?.details).not.toHaveProperty('partialText');
});

test.each<[string, unknown, boolean]>([
	['at the address of the service', wrongKey({ address: 'https://api.example/v1/chat' }), true],
	['at a link to elsewhere', wrongKey({ address: 'https://images.example/1' }), false],
	['of a used-up quota', new ProviderError('quota', 'x'), true],
	['to reach the server', new ProviderError('network', 'x'), true],
	['of another kind', new ProviderError('http', 'x', { status: 500 }), false],
	['that nobody expected', new Error('x'), false],
])('a failure %s', (_name, error, affectsAll) => {
	expect(met(times(LIMIT, error)) !== undefined).toBe(affectsAll);
});

describe.each<[ProviderErrorDetails]>([
	[{ reason: 'wrongKey', status: 403 }],
	[{ reason: 'noEndpoint', status: 404 }],
	[{ reason: 'unknownHost' }],
	[{ reason: 'unknownModel' }],
])('%j may be about one item', (details) => {
	const error = new ProviderError('http', 'x', details);

	test('unless it comes so many times in a row', () => {
		expect(met(times(LIMIT - 1, error))).toBeUndefined();
		expect(met(times(LIMIT, error))?.details.explanation).toMatch(/^4 items in a row failed/);
	});

	test('and a success begins the count anew', () => {
		const interrupted = [...times(LIMIT - 1, error), 'ok', error];
		expect(met(interrupted)).toBeUndefined();
		expect(met([...interrupted, ...times(LIMIT - 1, error)])).toBeDefined();
	});

	test('which failures of one item alone do not', () => {
		expect(met([...times(LIMIT - 1, error), new Error('x'), error])).toBeDefined();
	});
});

test('a key that is refused in mid-run is known at once, and a late success changes nothing', () => {
	expect(met(['ok', wrongKey()])).toBeDefined();
	expect(met([wrongKey(), 'ok'])).toBeDefined();
	const noCredit = new ProviderError('quota', 'x', { reason: 'noCredit', status: 429 });
	expect(met(['ok', noCredit])).toBeDefined();
});

test('an unknown model keeps back only the items with that model', () => {
	const unknown = new ProviderError('http', 'x', { reason: 'unknownModel' });
	expect(met(times(LIMIT, unknown))).toBeDefined();
	expect(met(times(LIMIT, unknown), { model: 'b' })).toBeUndefined();
});

test('items with another credential are sent', () => {
	expect(met([wrongKey()], { service: OTHER })).toBeUndefined();
});

test('without a limit every item is sent', () => {
	expect(met(times(100, wrongKey()), { limit: 0 })).toBeUndefined();
});
