import { expect, it } from 'vitest';

import { asking, itemsOf, sharedBench } from './bench.mts';
import { untilClosed } from './seen.mts';

const bench = sharedBench();

/** One that fails soon, and is not asked again, among those that would never end. */
function items(count: number, failing: number, others: string) {
	return itemsOf(
		Array.from({ length: count }, (_, index) =>
			index === failing ? '[[latency ms=50]] [[status code=400]] kite' : `${others} kite ${index}`,
		),
	);
}

it.each([
	['that wait for an answer', '[[stall]]', { parallelRequests: 10 }, 10],
	['whose answers arrive', '[[endless]] [[pace ms=5]]', { parallelRequests: 10 }, 10],
	['that wait for a retry', '[[status code=429 retry-after=20]]', { parallelRequests: 10 }, 10],
	[
		'that wait for their start',
		'[[stall]]',
		{ parallelRequests: 10, delayBetweenRequests: 200 },
		1,
	],
])('a failure that stops the workflow stops those %s', async (_, others, options, most) => {
	const { service } = bench();
	const failing = most === 1 ? 0 : 7;
	const run = await bench().run(asking('chat', options), items(200, failing, others));
	expect(run.status).toBe('error');
	expect(run.error?.message).toBe('The service answered with status 400');
	expect(run.error).toMatchObject({ context: { itemIndex: failing } });
	await untilClosed(service);
	expect(service.statistics().requests).toBeLessThanOrEqual(most);
	expect(service.statistics().inFlight).toBe(0);
});
