import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const RETRY = 100;
/** A lock that old belongs to a process that was killed, in ms. */
const STALE = 120_000;

/** Runs `work` while no other process runs work under the same lock. */
export async function withLock<Result>(
	directory: string,
	work: () => Promise<Result>,
): Promise<Result> {
	await mkdir(path.dirname(directory), { recursive: true });
	while (!(await taken(directory))) await delay(RETRY);
	try {
		return await work();
	} finally {
		await rm(directory, { recursive: true, force: true });
	}
}

/** Making a directory succeeds for one process only. */
async function taken(directory: string): Promise<boolean> {
	try {
		await mkdir(directory);
		return true;
	} catch {
		const held = await stat(directory).catch(() => undefined);
		const isStale = held !== undefined && Date.now() - held.mtimeMs > STALE;
		if (isStale) await rm(directory, { recursive: true, force: true });
		return false;
	}
}
