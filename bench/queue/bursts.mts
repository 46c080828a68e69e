import { queuedNothing } from '../../test/n8n/aiWorkflows.mts';
import { webhookOf } from '../../test/n8n/queue.mts';
import type { Burst } from './figures.mts';
import type { QueueBench } from './QueueBench.mts';

const SIZES = [100, 300, 1_000];

/**
 * How many webhooks n8n takes of those that come all at once; it refuses the others.
 *
 * @param patience how long n8n waits for its database, in seconds, as it was started with
 */
export async function measureBursts(bench: QueueBench, patience: number): Promise<Burst[]> {
	await bench.useWorkers(1);
	const workflow = await bench.workflow(queuedNothing);
	const url = webhookOf(bench.queueLab.lab, workflow);
	const bursts: Burst[] = [];
	for (const sent of SIZES) {
		const answers = await Promise.all(Array.from({ length: sent }, async () => await send(url)));
		const ids = answers.filter((id) => id !== undefined);
		if (ids.length > 0) await bench.untilEnded(ids);
		bursts.push({ patience, sent, taken: ids.length });
	}
	return bursts;
}

/** @returns the execution's id, or undefined when n8n did not take it */
async function send(url: string): Promise<string | undefined> {
	const response = await fetch(url, { method: 'POST' });
	const text = await response.text();
	return response.ok ? text : undefined;
}
