import { setTimeout as delay } from 'node:timers/promises';

import type { Execution, N8nClient } from '../../../dev/n8n/N8nClient.mts';

const ENDED = new Set(['success', 'error', 'canceled', 'crashed']);
const POLL = 300;

/**
 * Waits until so many executions of a workflow have ended, at most 100.
 *
 * @returns them with their data, whatever their ends
 * @throws Error when it takes longer than `longest` ms
 */
export async function untilEnded(
	client: N8nClient,
	workflowId: string,
	count: number,
	longest = 120_000,
): Promise<Execution[]> {
	const deadline = Date.now() + longest;
	for (;;) {
		const executions = await client.executions(workflowId);
		const ended = executions.filter(({ status }) => ENDED.has(status));
		if (ended.length >= count)
			return await Promise.all(ended.map(({ id }) => client.execution(id)));
		if (Date.now() > deadline) {
			const statuses = executions.map(({ id, status }) => `${id} ${status}`).join(', ');
			throw new Error(`${ended.length} of ${count} executions have ended: ${statuses}`);
		}
		await delay(POLL);
	}
}
