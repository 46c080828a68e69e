import { expect, it, onTestFinished } from 'vitest';

import { openBench } from '../engine/support.mts';
import { detailsOf } from './accounts.mts';
import { askOne } from './ask.mts';
import { asking } from './bench.mts';
import { goneAddress, startAnswering } from './plainServer.mts';

const PARAMETERS = asking('chat', { maxRetryDelay: 0.05 }, { provider: 'openAiCompatible' });

async function askAt(baseUrl: string) {
	const bench = await openBench({ credential: { baseUrl } });
	onTestFinished(async () => await bench.close());
	const { item } = await askOne(bench, PARAMETERS, 'a kite');
	return detailsOf(item);
}

it('asks again where nothing listens', async () => {
	expect(await askAt(await goneAddress())).toMatchObject({
		kind: 'network',
		code: 'ECONNREFUSED',
		attempts: 3,
	});
});

it.each(['insufficient_quota', 'billing_hard_limit_reached'])(
	'does not ask again when the account is used up, although the status is 429: %s',
	async (code) => {
		const server = await startAnswering(429, { error: { message: 'Used up.', code } });
		onTestFinished(async () => await server.close());
		const details = await askAt(server.url);
		expect(details).toMatchObject({ kind: 'quota', status: 429, attempts: 1 });
		expect(server.count()).toBe(1);
	},
);
