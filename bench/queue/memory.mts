import { queuedChat, queuedImage } from '../../test/n8n/aiWorkflows.mts';
import { resetPeak, residentMemory } from '../lab/processFigures.mts';
import type { Memory } from './figures.mts';
import { childrenOf } from './processTree.mts';
import type { QueueBench } from './QueueBench.mts';

const MEGABYTES = 20;
const PICTURES = `[[bytes total=${MEGABYTES * 1024 * 1024}]] kite`;
const CHATS = 200;

/** Of fresh workers, each with one kind of load, and of what is beside them. */
export async function measureMemory(bench: QueueBench): Promise<Memory[]> {
	const { pid } = bench.queueLab.lab.n8n;
	const main = await residentMemory(pid);
	const [runner] = await childrenOf(pid);
	const narrow = await loaded(bench, 5, 'Chat, 5 at once', async () => {
		await bench.batch(queuedChat, CHATS, 'kite');
	});
	const wide = await loaded(bench, 50, 'Chat, 50 at once', async () => {
		await bench.batch(queuedChat, CHATS * 2, '[[latency ms=2000]] kite');
	});
	return [
		{ what: 'main process, after all loads above', idle: main.now },
		{ what: 'JavaScript task runner, which each process starts', idle: await memoryOf(runner) },
		narrow,
		wide,
	];
}

async function memoryOf(pid: number | undefined): Promise<number> {
	return pid === undefined ? 0 : (await residentMemory(pid)).now;
}

/** Of fresh workers that keep large images. @param where n8n keeps them */
export async function measurePictureMemory(bench: QueueBench, where: string): Promise<Memory[]> {
	const rows: Memory[] = [];
	for (const concurrency of [1, 5]) {
		const what = `Image, ${MEGABYTES} MB each ${where}, ${concurrency} at once`;
		rows.push(
			await loaded(bench, concurrency, what, async () => {
				await bench.batch(queuedImage, concurrency * 3, PICTURES);
			}),
		);
	}
	return rows;
}

async function loaded(
	bench: QueueBench,
	concurrency: number,
	what: string,
	load: () => Promise<void>,
): Promise<Memory> {
	const { process } = await bench.freshWorker(concurrency);
	const { now: idle } = await residentMemory(process.pid);
	await resetPeak(process.pid);
	await load();
	const { peak } = await residentMemory(process.pid);
	return { what: `worker: ${what}`, idle, peak };
}
