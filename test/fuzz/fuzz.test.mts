import { expect, it } from 'vitest';

import { campaign } from './campaign.mts';
import { fuzzDecoders } from './decoders.mts';
import { describeFault } from './describeFault.mts';

const RUNS = 3000;
/** Always the same, so that a change is not blamed for an old fault; `npm run test:fuzz` takes new ones. */
const SEED = 20_261_123;

it('spoiled answers end as values or as ProviderErrors', async () => {
	const { faults, runs } = await campaign(RUNS, SEED);
	expect(faults.map(describeFault), `from seed ${SEED}`).toEqual([]);
	expect(runs).toBe(RUNS);
});

it('spoiled inputs of each decoder end as values or as ProviderErrors, and in time', async () => {
	const results = await fuzzDecoders(RUNS, SEED);
	expect(
		results.flatMap(({ decoder, faults }) => faults.map((fault) => `${decoder}: ${fault}`)),
	).toEqual([]);
	expect(results.map(({ inputs }) => inputs)).toEqual(results.map(() => RUNS));
});
