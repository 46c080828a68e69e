import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, afterEach, beforeAll } from 'vitest';

import { QueueLab, type QueueLabOptions } from '../../../dev/n8n/queue/QueueLab.mts';
import { EVIDENCE } from '../useLab.mts';

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
