import { randomBytes } from 'node:crypto';
import { access, constants, glob } from 'node:fs/promises';
import path from 'node:path';

import { installN8n } from '../installation.mts';
import { Lab, type LabOptions } from '../Lab.mts';
import { N8nProcess, type N8nProcessOptions } from '../N8nProcess.mts';
import { packPackage, placePackage } from '../packPackage.mts';
import { Postgres } from './Postgres.mts';
import { Redis } from './Redis.mts';

/** Where Debian has PostgreSQL's servers, none of which is on the PATH. */
const DEBIAN_POSTGRES = '/usr/lib/postgresql/*/bin';
const POSTGRES_PROGRAMS = ['initdb', 'postgres', 'pg_isready', 'psql'];

export interface QueuePrograms {
	redisServer: string;
	/** The folder that holds PostgreSQL's programs. */
	postgres: string;
}

/** What n8n's queue mode needs besides n8n. @throws Error that says what to install */
export async function findQueuePrograms(): Promise<QueuePrograms> {
	const onPath = (process.env['PATH'] ?? '').split(path.delimiter);
	const redis = await folderWith(['redis-server'], onPath);
	const debian = await Array.fromAsync(glob(DEBIAN_POSTGRES));
	const postgres = await folderWith(POSTGRES_PROGRAMS, [...onPath, ...newestFirst(debian)]);
	if (redis === undefined || postgres === undefined) {
		throw new Error(
			'Queue mode needs a Redis server and PostgreSQL. On Debian: apt-get install redis-server postgresql',
		);
	}
	return { redisServer: path.join(redis, 'redis-server'), postgres };
}

async function folderWith(programs: string[], folders: string[]): Promise<string | undefined> {
	for (const folder of folders) {
		const files = programs.map((program) => path.join(folder, program));
		if ((await Promise.all(files.map(isProgram))).every(Boolean)) return folder;
	}
	return undefined;
}

async function isProgram(file: string): Promise<boolean> {
	return await access(file, constants.X_OK).then(
		() => true,
		() => false,
	);
}

function newestFirst(folders: string[]): string[] {
	return folders.sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
}

const STARTED = /Worker started execution (\d+) /g;
const FINISHED = /Worker finished execution (\d+) /g;

/** A process that takes executions from the queue; its log says which. */
export class QueueWorker {
	private constructor(readonly process: N8nProcess) {}

	static async start(options: Omit<N8nProcessOptions, 'command'>, concurrency: number) {
		const process = await N8nProcess.start({
			...options,
			command: ['worker', `--concurrency=${concurrency}`],
			environment: {
				...options.environment,
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			},
		});
		return new QueueWorker(process);
	}

	/** Ids of the executions that it has taken. */
	async started(): Promise<string[]> {
		return await this.logged(STARTED);
	}

	/** Ids of those that it has brought to their end. */
	async finished(): Promise<string[]> {
		return await this.logged(FINISHED);
	}

	private async logged(pattern: RegExp): Promise<string[]> {
		return [...(await this.process.log()).matchAll(pattern)].map(([, id]) => id as string);
	}
}

export interface QueueLabOptions extends LabOptions {
	/** How many workers to start; default 2. */
	workers?: number;
	/** Executions that each worker runs at once; default 5. */
	concurrency?: number;
	/** Whether PostgreSQL waits for the disk, as in production. */
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

	/** @throws Error that says what to install if Redis or PostgreSQL is missing */
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
	 * Starts more workers, each with its own user folder and its own copy of the package.
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
