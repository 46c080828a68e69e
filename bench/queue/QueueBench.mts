import { setTimeout as delay } from 'node:timers/promises';

import type { SavedWorkflow, WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';
import { QueueLab, type QueueWorker } from '../../dev/n8n/queue/QueueLab.mts';
import { publish, startAll } from '../../test/n8n/queue.mts';
import type { Batch, Cpu } from './figures.mts';
import { treeCpu } from './processTree.mts';

const POLL = 500;
/** Requests to webhooks that are under way at once. */
const CLIENTS = 20;
/** Until what follows an execution's end is done, too: messages and statistics. */
const SETTLED = 1_000;

/** n8n in queue mode with a PostgreSQL that waits for its disk, and what a load costs each part. */
export class QueueBench {
	private readonly published = new Map<string, Promise<SavedWorkflow>>();

	private constructor(readonly queueLab: QueueLab) {}

	static async open(
		onLine: (line: string) => void,
		environment: Record<string, string> = {},
	): Promise<QueueBench> {
		const service = { keepRequests: 10 };
		const options = { workers: 0, durable: true, service, environment, onLine };
		return new QueueBench(await QueueLab.open(options));
	}

	async close(): Promise<void> {
		await this.queueLab.close();
	}

	/** The workers that run; those that were stopped are not among them. */
	get workers(): QueueWorker[] {
		return this.queueLab.workers.filter(({ process }) => process.running);
	}

	/** Starts and stops workers until so many run. */
	async useWorkers(count: number): Promise<void> {
		const surplus = this.workers.slice(count);
		await Promise.all(surplus.map(async ({ process }) => await process.stop()));
		await this.queueLab.addWorkers(Math.max(0, count - this.workers.length));
	}

	/** A worker that has done nothing yet, alone. */
	async freshWorker(concurrency: number): Promise<QueueWorker> {
		await this.useWorkers(0);
		await this.queueLab.addWorkers(1, concurrency);
		return this.workers[0] as QueueWorker;
	}

	/** Saves and activates a workflow, once. */
	async workflow(make: (name: string) => WorkflowDefinition): Promise<SavedWorkflow> {
		const known = this.published.get(make.name) ?? publish(this.queueLab.lab, make(make.name));
		this.published.set(make.name, known);
		return await known;
	}

	/**
	 * Starts executions as fast as the webhook answers some clients, and waits until all have ended.
	 *
	 * @throws Error unless all succeed
	 */
	async batch(
		make: (name: string) => WorkflowDefinition,
		count: number,
		prompt: string,
	): Promise<Batch> {
		const workflow = await this.workflow(make);
		const prompts = Array.from({ length: count }, (_, index) => `${prompt} ${index}`);
		const bytes = await this.databaseBytes();
		const { used, result: ids } = await this.cpuOf(async () => {
			const started = await startAll(this.queueLab.lab, workflow, prompts, CLIENTS);
			await this.untilEnded(started);
			return started;
		});
		const grown = (await this.databaseBytes()) - bytes;
		return {
			executions: count,
			...(await this.timesOf(ids)),
			cpu: eachOf(used, count),
			databaseBytes: grown / count,
		};
	}

	/** What some work costs all parts, in ms of CPU time. */
	async cpuOf<Result>(work: () => Promise<Result>): Promise<{ used: Cpu; result: Result }> {
		const before = await this.cpu();
		const result = await work();
		await delay(SETTLED);
		return { used: minus(await this.cpu(), before), result };
	}

	private async cpu(): Promise<Cpu> {
		const { lab, postgres, redis } = this.queueLab;
		const workers = this.workers.map(async ({ process }) => await treeCpu(process.pid));
		return {
			main: await treeCpu(lab.n8n.pid),
			workers: (await Promise.all(workers)).reduce((sum, one) => sum + one, 0),
			postgres: await treeCpu(postgres.pid),
			redis: await treeCpu(redis.pid),
		};
	}

	private async databaseBytes(): Promise<number> {
		const { postgres } = this.queueLab;
		return Number(await postgres.query('select pg_database_size(current_database())'));
	}

	async untilEnded(ids: string[]): Promise<void> {
		const sql = `select count(*) from execution_entity where "stoppedAt" is null and ${among(ids)}`;
		while ((await this.queueLab.postgres.query(sql)) !== '0') await delay(POLL);
	}

	private async timesOf(ids: string[]): Promise<Pick<Batch, 'perSecond' | 'runMilliseconds'>> {
		const row = await this.queueLab.postgres.query(
			`select count(*) filter (where status = 'success'),
				extract(epoch from max("stoppedAt") - min("createdAt")),
				avg(extract(epoch from "stoppedAt" - "startedAt")) * 1000
			from execution_entity where ${among(ids)}`,
		);
		const [succeeded, seconds, runMilliseconds] = row.split('|').map(Number);
		if (succeeded !== ids.length) throw new Error(`${succeeded} of ${ids.length} succeeded`);
		return {
			perSecond: ids.length / (seconds as number),
			runMilliseconds: runMilliseconds as number,
		};
	}
}

export function minus(one: Cpu, other: Cpu): Cpu {
	return {
		main: one.main - other.main,
		workers: one.workers - other.workers,
		postgres: one.postgres - other.postgres,
		redis: one.redis - other.redis,
	};
}

export function eachOf(cpu: Cpu, count: number): Cpu {
	const { main, workers, postgres, redis } = cpu;
	return {
		main: main / count,
		workers: workers / count,
		postgres: postgres / count,
		redis: redis / count,
	};
}

function among(ids: string[]): string {
	return `id in (${ids.join(', ')})`;
}
