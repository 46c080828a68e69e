import type { INodeExecutionData, ITaskData } from 'n8n-workflow';
import { setTimeout as delay } from 'node:timers/promises';

import type { Execution } from '../../dev/n8n/N8nClient.mts';
import type { Figures } from '../figures.mts';
import { type Recipe, webhookWorkflow } from '../workflows/node.mts';
import type { Bench } from './Bench.mts';
import type { BenchN8n } from './BenchN8n.mts';
import type { Place } from './places.mts';
import { groupCpu, residentMemory, resetPeak } from './processFigures.mts';

const MEGABYTE = 1024 * 1024;
const POLL = 50;

export interface WorkflowRun {
	/** Where the service is that the recipe asks, by default next door. */
	place?: Place;
	/** Runs with the same name share their workflow. */
	name: string;
	recipe: Recipe;
	/** What the items are made of; the recipe finds it in their field `input`. */
	items: readonly unknown[];
	/** Size of each item's file, where there must be one. */
	fileBytes?: number;
	/** Items may come out with an error, and are counted. */
	mayFail?: boolean;
	/** What each item must have in it. */
	says?: string;
}

/**
 * One execution of a workflow in n8n, behind a webhook, with the garbage collected before it. The time is
 * n8n's own for the measured nodes, CPU and memory are of the whole execution.
 * @throws Error when an item failed or is missing: a fast failure is no result
 */
export async function runWorkflow(
	bench: Bench,
	n8n: BenchN8n,
	{ name, recipe, items, place = 'here', mayFail = false, ...wanted }: WorkflowRun,
): Promise<Figures> {
	const service = bench.serviceAt(place);
	const path = webhookPath(name);
	const id = await n8n.workflow(path, webhookWorkflow(recipe, path, 'lastNode'));
	await service.reset();
	await n8n.settle();
	await resetPeak(n8n.pid);
	const [{ now: memory }, cpu] = [await residentMemory(n8n.pid), await groupCpu(n8n.pid)];
	await callWebhook(n8n, path, items);
	const used = (await groupCpu(n8n.pid)) - cpu;
	const { peak } = await residentMemory(n8n.pid);
	const statistics = await service.statistics();
	const tasks = measuredTasks(await lastExecution(n8n, id), recipe);
	const failed = check(tasks.at(-1), items.length, { ...wanted, mayFail });
	const wall = tasks.reduce((sum, { executionTime }) => sum + executionTime, 0);
	return {
		wall,
		perItem: wall / items.length,
		cpu: used,
		cpuPerItem: used / items.length,
		memory: (peak - memory) / MEGABYTE,
		requests: statistics.requests,
		failed,
		inFlight: statistics.mostInFlight,
		connections: statistics.connectionsOpened,
	};
}

/** n8n finds no webhook with other characters in its path. */
export function webhookPath(name: string): string {
	return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

async function callWebhook(n8n: BenchN8n, path: string, items: readonly unknown[]): Promise<void> {
	const response = await fetch(`${n8n.url}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ items }),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`The webhook answered ${response.status}: ${text}`);
}

/** The webhook may answer before the execution is stored. */
async function lastExecution({ client }: BenchN8n, workflowId: string): Promise<Execution> {
	for (;;) {
		const [last] = await client.executions(workflowId);
		if (last?.stoppedAt) return await client.execution(last.id);
		await delay(POLL);
	}
}

function measuredTasks({ status, data }: Execution, { nodes }: Recipe): ITaskData[] {
	const { runData, error } = data.resultData;
	if (status !== 'success')
		throw new Error(`The execution ended with ${status}: ${error?.message}`);
	return nodes.map(({ name }) => runData[name]?.[0] as ITaskData);
}

/** @returns how many items came out with an error */
function check(
	task: ITaskData | undefined,
	count: number,
	{ fileBytes, mayFail, says = '' }: Pick<WorkflowRun, 'fileBytes' | 'mayFail' | 'says'>,
): number {
	const outputs: INodeExecutionData[] = task?.data?.['main']?.[0] ?? [];
	if (outputs.length !== count) throw new Error(`${outputs.length} of ${count} items came out`);
	const failed = outputs.filter(({ json }) => 'error' in json);
	if (failed[0] !== undefined && !mayFail) {
		throw new Error(`An item failed: ${JSON.stringify(failed[0].json)}`);
	}
	const silent = outputs.find(({ json }) => !JSON.stringify(json).includes(says));
	if (silent !== undefined) throw new Error(`No "${says}": ${JSON.stringify(silent.json)}`);
	if (fileBytes === undefined) return failed.length;
	const wrong = outputs.find(({ binary }) => binary?.['data']?.bytes !== fileBytes);
	if (wrong !== undefined) throw new Error(`A file is not whole: ${JSON.stringify(wrong)}`);
	return failed.length;
}
