import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from 'vitest';

import type { Lab } from '../../dev/n8n/Lab.mts';
import type {
	Execution,
	N8nClient,
	SavedWorkflow,
	WorkflowDefinition,
} from '../../dev/n8n/N8nClient.mts';
import { QueueLab, type QueueLabOptions } from '../../dev/n8n/queue/QueueLab.mts';
import type { LocalService } from '../../dev/service/index.mts';
import { errorWorkflow, queuedChat, streamedChat } from './aiWorkflows.mts';
import { type ArrivedChunk, postForStream } from './streamClient.mts';
import { EVIDENCE } from './useLab.mts';

const ENDED = new Set(['success', 'error', 'canceled', 'crashed']);
const POLL = 300;

/**
 * Waits until so many executions of a workflow have ended, at most 100.
 *
 * @returns them with their data, whatever their ends
 * @throws Error if it takes longer than `maxTime` ms
 */
export async function untilEnded(
	client: N8nClient,
	workflowId: string,
	count: number,
	maxTime = 120_000,
): Promise<Execution[]> {
	const deadline = Date.now() + maxTime;
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

/** Answers that the service has begun and does not go on with. */
export interface HeldAnswers {
	/** Settles when so many are in flight at once. */
	reached: Promise<void>;
	release(): void;
}

/** The next answers, so many, are held after their first fragment. */
export function holdAnswers(service: LocalService, count: number): HeldAnswers {
	const holds = Array.from({ length: count }, () => service.holdAfter(1));
	return {
		reached: Promise.all(holds.map((hold) => hold.reached)).then(() => undefined),
		release: () => holds.forEach((hold) => hold.release()),
	};
}

/** An n8n in queue mode for the tests of a file. The logs of all its processes are kept when one fails. */
export function useQueueLab(options: QueueLabOptions = {}): () => QueueLab {
	let queueLab: QueueLab;
	beforeAll(async () => {
		queueLab = await QueueLab.open(options);
	});
	afterEach(async ({ task }) => {
		if (task.result?.state === 'fail') await keepLogs(queueLab);
	});
	afterAll(async () => await queueLab?.close());
	return () => queueLab;
}

async function keepLogs({ lab, workers }: QueueLab): Promise<void> {
	await mkdir(EVIDENCE, { recursive: true });
	for (const process of [lab.n8n, ...workers.map((worker) => worker.process)]) {
		const name = `queue-${path.basename(process.logFile)}`;
		await writeFile(path.join(EVIDENCE, name), await process.log());
	}
}

/** Saves a workflow with the lab's credentials and makes its webhook listen. */
export async function publish(lab: Lab, definition: WorkflowDefinition): Promise<SavedWorkflow> {
	const saved = await lab.client.createWorkflow(lab.withCredentials(definition));
	await lab.client.activate(saved);
	return saved;
}

/** The address of the webhook whose path is the workflow's name. */
export function webhookOf(lab: Lab, { name }: SavedWorkflow): string {
	return `${lab.n8n.url}/webhook/${name}`;
}

/**
 * Starts an execution for each prompt.
 *
 * @param atOnce how many requests are in progress at once; all by default
 * @returns the executions' ids, in the order of the prompts
 */
export async function startAll(
	lab: Lab,
	workflow: SavedWorkflow,
	prompts: string[],
	atOnce = prompts.length,
): Promise<string[]> {
	const url = webhookOf(lab, workflow);
	const ids: string[] = [];
	const left = prompts.entries();
	const sender = async () => {
		for (const [index, prompt] of left) ids[index] = await start(url, prompt);
	};
	await Promise.all(Array.from({ length: atOnce }, sender));
	return ids;
}

async function start(url: string, prompt: string): Promise<string> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ prompt }),
	});
	const text = await response.text();
	if (response.ok) return text;
	throw new Error(`${url}: ${response.status} ${text}`);
}

/** What became of the executions of two workers, one of which was killed. */
export interface AfterKill {
	/** All that were started. */
	executions: Execution[];
	/** Ids of those that the killed worker had not finished. */
	lost: string[];
	/** Executions of the workflow that is called on errors. */
	heard: Execution[];
	/** What the clients got, whose answers were being written when the worker was killed. */
	streams: ArrivedChunk[][];
	/** From the kill until all had ended, in ms. */
	milliseconds: number;
}

/**
 * Kills the second of two workers, with SIGKILL, when their slots are taken by answers that are being
 * written, and further executions wait. Meanwhile a third worker starts.
 *
 * @param inFlight prompts of streaming executions, as many as both workers have slots
 * @param waiting prompts of those that wait in the queue
 */
export async function killOneOfTwo(
	queueLab: QueueLab,
	inFlight: string[],
	waiting: string[],
): Promise<AfterKill> {
	const { lab, workers } = queueLab;
	const { client } = lab;
	const onError = await publish(lab, errorWorkflow('on-error'));
	const settings = { executionOrder: 'v1', errorWorkflow: onError.id } as const;
	const streamed = await publish(lab, { ...streamedChat('killed-streamed'), settings });
	const queued = await publish(lab, { ...queuedChat('killed-queued'), settings });
	const held = holdAnswers(lab.service, inFlight.length);
	const clients = inFlight.map(async (prompt) => {
		const answer = await postForStream(webhookOf(lab, streamed), { prompt });
		await answer.ended;
		return answer.chunks;
	});
	await held.reached;
	await startAll(lab, queued, waiting);
	const victim = workers[1]!;
	victim.process.kill();
	const killedAt = Date.now();
	held.release();
	await queueLab.addWorkers(1);
	const executions = [
		...(await untilEnded(client, streamed.id, inFlight.length)),
		...(await untilEnded(client, queued.id, waiting.length)),
	];
	const milliseconds = Date.now() - killedAt;
	const finished = await victim.finished();
	const lost = (await victim.started()).filter((id) => !finished.includes(id));
	const heard = await untilEnded(client, onError.id, lost.length);
	return { executions, lost, heard, streams: await Promise.all(clients), milliseconds };
}
