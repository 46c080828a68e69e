import { beforeEach, expect, it } from 'vitest';

import type { Execution } from '../../dev/n8n/N8nClient.mts';
import { CHAT, ROWS, table } from './aiWorkflows.mts';
import { publish, startAll, untilEnded, useQueueLab } from './queue.mts';
import { itemsOf } from './runs.mts';

const queueLab = useQueueLab({ workers: 2, concurrency: 1 });
beforeEach(() => queueLab().lab.service.reset());

function asked(): number[] {
	const bodies = queueLab().lab.service.requests.map(({ body }) => JSON.stringify(body));
	return bodies.map((body) => Number(/kite (\d+)/.exec(body)?.[1]));
}

function expectAllRows(execution: Execution | undefined) {
	expect(execution?.status).toBe('success');
	const items = itemsOf(execution!, CHAT);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ROWS.map((_, item) => ({ item })));
	items.forEach(({ json }, row) => expect(json['text']).toContain(`kite ${row}`));
}

async function workersThatRan(id: string): Promise<number> {
	const started = await Promise.all(queueLab().workers.map(async (one) => await one.started()));
	return started.filter((ids) => ids.includes(id)).length;
}

it('Retry On Fail on a worker asks only for the rows that are missing', async () => {
	const { lab } = queueLab();
	const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 };
	const saved = await publish(lab, table('queued-retry-on-fail', true, node));
	const [id] = await startAll(lab, saved, ['']);
	const [execution] = await untilEnded(lab.client, saved.id, 1);
	expectAllRows(execution);
	expect(asked()).toEqual([0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9]);
	expect(await workersThatRan(String(id))).toBe(1);
});

it('Retry of a failed execution, on a worker, asks only for the rows that are missing', async () => {
	const { lab } = queueLab();
	const saved = await publish(lab, table('queued-retry', true));
	await startAll(lab, saved, ['']);
	const [failed] = await untilEnded(lab.client, saved.id, 1);
	expect(failed?.status).toBe('error');
	expect(asked()).toEqual([0, 1, 2, 3, 4, 5, 6]);
	const execution = await lab.client.retry(String(failed?.id));
	expectAllRows(execution);
	expect(asked().slice(7)).toEqual([6, 7, 8, 9]);
	expect(await workersThatRan(execution.id)).toBe(1);
});
