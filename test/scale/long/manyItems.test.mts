import { expect, it, onTestFinished } from 'vitest';

import { startLocalService } from '../../../dev/service/index.mts';
import { startChild, told, untilEnded } from '../child.mts';
import type { Cost } from './manyItems.mts';

/**
 * In bytes for each item: less than any object with its timer or listener that could be left behind. It
 * is for code and caches, which grow by a few MB in all and not with the items.
 */
const SLACK = 300;
/** Half a minute on an idle machine with two cores; some minutes on a busy one. */
const TIME_LIMIT = 300_000;

it(
	'10,000 items cost no more memory each than 1,000 do, and all come out',
	{ timeout: TIME_LIMIT },
	async () => {
		const service = await startLocalService({ keepRequests: 100 });
		onTestFinished(async () => await service.close());
		const child = startChild('long/manyItems.mts', [service.url, '1000', '10000'], ['--expose-gc']);
		const [few, many] = await told<[Cost, Cost]>(child);
		expect(await untilEnded(child)).toBe(0);
		for (const cost of [few, many]) console.log(described(cost));
		expect([few.texts, many.texts]).toEqual([1_000, 10_000]);
		expect(many.heapPerItem).toBeLessThan(few.heapPerItem + SLACK);
		expect(many.leftPerItem).toBeLessThan(SLACK);
		expect(service.statistics().openConnections).toBe(0);
	},
);

function described(cost: Cost): string {
	return [
		`${cost.items} items, 50 at a time: ${cost.seconds.toFixed(1)} s`,
		`${((cost.seconds * 1000) / cost.items).toFixed(2)} ms each`,
		`heap ${cost.heapPerItem.toFixed(0)} bytes each, ${cost.leftPerItem.toFixed(0)} left after`,
		`peak memory ${cost.peakMegabytes.toFixed(0)} MB`,
	].join(', ');
}
