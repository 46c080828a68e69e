import os from 'node:os';

import { pinnedVersion } from '../../dev/n8n/installation.mts';
import { makeTemporaryFolder } from '../../dev/temporaryFolder.mts';
import { queuedChat, queuedNothing } from '../../test/n8n/aiWorkflows.mts';
import { measureAlone } from './alone.mts';
import { measureBursts } from './bursts.mts';
import { measureConnections } from './connections.mts';
import type { Batch, QueueFigures, Throughput } from './figures.mts';
import { measureFragment } from './fragment.mts';
import { measureMemory, measurePictureMemory } from './memory.mts';
import { measurePictures } from './pictures.mts';
import { QueueBench } from './QueueBench.mts';

/** Enough for some seconds. */
const AT_ONCE = 300;
/** Executions after which a worker has compiled what it needs. */
const WARM_UP = 60;
/** How often all slots are filled where the service is slow. */
const WAVES = 5;
const CONCURRENCY = 5;
const SECONDS = 2;
/** How long n8n waits for its database, in seconds: unless set, and to compare. */
const PATIENCE = 20;
const MORE_PATIENCE = 120;

export interface MeasureOptions {
	rounds: number;
	say: (line: string) => void;
}

/** Measures n8n's queue mode on this machine; takes some minutes. */
export async function measureQueueMode({ rounds, say }: MeasureOptions): Promise<QueueFigures> {
	const before = os.loadavg()[0] as number;
	const bench = await QueueBench.open(say);
	try {
		await bench.useWorkers(2);
		const connections = await measureConnections(bench);
		const both = await withBoth(bench, rounds, say);
		const wide = await wideWorker(bench, rounds, say);
		await bench.useWorkers(1);
		say('Executions alone');
		const alone = await measureAlone(bench);
		say('Streams and images');
		const fragment = await measureFragment(bench);
		const image = await measurePictures(bench);
		const load: [number, number] = [before, os.loadavg()[0] as number];
		say('Memory of workers, and bursts');
		const memory = await measureMemory(bench);
		memory.push(...(await measurePictureMemory(bench, 'into the database')));
		const bursts = await measureBursts(bench, PATIENCE);
		const other = await otherwiseSetUp(say);
		const { throughput, chat, nothing } = both;
		return {
			n8nVersion: await pinnedVersion(),
			versions: await versionsOf(bench),
			load,
			throughput: [...throughput, wide],
			nothing,
			chat,
			alone,
			fragment,
			image,
			memory: [...memory, ...other.memory],
			bursts: [...bursts, ...other.bursts],
			connections,
		};
	} finally {
		await bench.close();
	}
}

/** With n8n's other store for images, a folder that all processes share, and more patience in a burst. */
async function otherwiseSetUp(
	say: (line: string) => void,
): Promise<Pick<QueueFigures, 'memory' | 'bursts'>> {
	const folder = await makeTemporaryFolder('aichats-storage');
	const bench = await QueueBench.open(say, {
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		N8N_STORAGE_PATH: folder.path,
		DB_POSTGRESDB_CONNECTION_TIMEOUT: String(MORE_PATIENCE * 1000),
		DB_PING_TIMEOUT_MS: String(MORE_PATIENCE * 1000),
	});
	try {
		const memory = await measurePictureMemory(bench, 'into a shared folder');
		return { memory, bursts: await measureBursts(bench, MORE_PATIENCE) };
	} finally {
		await bench.close();
		await folder.remove();
	}
}

async function versionsOf({ queueLab }: QueueBench): Promise<Record<string, string>> {
	const server = await queueLab.postgres.query('show server_version');
	return { PostgreSQL: server.split(' ')[0] as string, Redis: await queueLab.redis.version() };
}

/** One and two workers by turns, with and without a slow service, and one that has nothing to do. */
async function withBoth(bench: QueueBench, rounds: number, say: (line: string) => void) {
	const throughput: Throughput[] = [1, 2].flatMap((workers) =>
		[0, SECONDS].map((latency) => ({ workers, concurrency: CONCURRENCY, latency, rounds: [] })),
	);
	const nothing: Batch[] = [];
	for (let round = 1; round <= rounds; round++) {
		await bench.useWorkers(1);
		nothing.push(await bench.batch(queuedNothing, AT_ONCE, ''));
		for (const row of throughput) {
			say(`Round ${round}/${rounds}: ${row.workers} workers, service after ${row.latency} s`);
			await bench.useWorkers(row.workers);
			await bench.batch(queuedChat, WARM_UP, 'kite');
			row.rounds.push(await slotsFilled(bench, row));
		}
	}
	const chat = throughput[0]?.rounds as Batch[];
	return { throughput, chat, nothing };
}

async function wideWorker(bench: QueueBench, rounds: number, say: (line: string) => void) {
	const row = { workers: 1, concurrency: 50, latency: SECONDS };
	say(`One worker with a concurrency of ${row.concurrency}`);
	await bench.freshWorker(row.concurrency);
	await bench.batch(queuedChat, WARM_UP, 'kite');
	const batches = await repeated(rounds, () => slotsFilled(bench, row));
	await bench.useWorkers(0);
	return { ...row, rounds: batches };
}

async function slotsFilled(
	bench: QueueBench,
	{ workers, concurrency, latency }: Omit<Throughput, 'rounds'>,
): Promise<Batch> {
	const count = latency === 0 ? AT_ONCE : workers * concurrency * WAVES;
	const prompt = latency === 0 ? 'kite' : `[[latency ms=${latency * 1000}]] kite`;
	return await bench.batch(queuedChat, count, prompt);
}

async function repeated(rounds: number, work: () => Promise<Batch>): Promise<Batch[]> {
	const batches: Batch[] = [];
	while (batches.length < rounds) batches.push(await work());
	return batches;
}
