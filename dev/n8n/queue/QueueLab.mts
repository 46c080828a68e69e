import { randomBytes } from 'node:crypto';
import path from 'node:path';

import { installN8n } from '../installation.mts';
import { Lab, type LabOptions } from '../Lab.mts';
import { packPackage, placePackage } from '../packPackage.mts';
import { findQueuePrograms } from './findPrograms.mts';
import { Postgres } from './Postgres.mts';
import { QueueWorker } from './QueueWorker.mts';
import { Redis } from './Redis.mts';

export interface QueueLabOptions extends LabOptions {
	/** How many workers to start; default 2. */
	workers?: number;
	/** Executions that each worker runs at once; default 5. */
	concurrency?: number;
	/** Whether PostgreSQL waits for the disk, as in earnest. */
	durable?: boolean;
}

/** n8n in queue mode: a lab whose n8n is the main process, a Redis, a PostgreSQL, and workers. */
export class QueueLab {
	readonly workers: QueueWorker[] = [];

	private constructor(
		readonly lab: Lab,
		readonly postgres: Postgres,
		readonly redis: Redis,
		private readonly tarball: string,
		private readonly options: QueueLabOptions,
		private readonly parts: AsyncDisposableStack,
	) {}

	/** @throws Error that tells what to install where Redis or PostgreSQL is missing */
	static async open(options: QueueLabOptions = {}): Promise<QueueLab> {
		const programs = await findQueuePrograms();
		const parts = new AsyncDisposableStack();
		try {
			const redis = await Redis.start(programs.redisServer);
			parts.defer(async () => await redis.stop());
			const { durable = false } = options;
			const postgres = await Postgres.start({ programs: programs.postgres, durable });
			parts.defer(async () => await postgres.stop());
			const environment = { ...queueMode(), ...redis.environment, ...postgres.environment };
			const labOptions = { ...options, environment: { ...environment, ...options.environment } };
			const lab = await Lab.open(labOptions);
			parts.defer(async () => await lab.close());
			// Once, so that all workers have the same, whatever becomes of the sources meanwhile.
			const tarball = await packPackage(lab.folder);
			const queueLab = new QueueLab(lab, postgres, redis, tarball, labOptions, parts);
			await queueLab.addWorkers(options.workers ?? 2);
			return queueLab;
		} catch (error) {
			await parts.disposeAsync();
			throw error;
		}
	}

	/**
	 * Starts further workers, each with a user folder and a copy of the package of its own.
	 *
	 * @param concurrency as in the lab's options unless given
	 */
	async addWorkers(count: number, concurrency = this.options.concurrency ?? 5): Promise<void> {
		const { version, environment = {} } = this.options;
		const installation = await installN8n({ version });
		const starts = Array.from({ length: count }, async (_, index) => {
			const name = `worker-${this.workers.length + index + 1}`;
			const folder = path.join(this.lab.folder, name);
			await placePackage(this.tarball, folder);
			const logName = `${name}.log`;
			const worker = await QueueWorker.start(
				{ installation, folder, environment, logName },
				concurrency,
			);
			this.parts.defer(async () => await worker.process.stop());
			return worker;
		});
		this.workers.push(...(await Promise.all(starts)));
	}

	/** Ends everything: first the workers, then n8n, then what they need. */
	async close(): Promise<void> {
		await this.parts.disposeAsync();
	}
}

function queueMode(): Record<string, string> {
	return { EXECUTIONS_MODE: 'queue', N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex') };
}
