import { rmSync } from 'node:fs';
import { mkdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { onExit } from './onExit.mts';

const RETRY = 100;
/** How often the holder shows that it lives, in ms. */
const SIGN_OF_LIFE = 5_000;
/** A lock without a sign of life for that long belongs to a process that was killed, in ms. */
const STALE = 60_000;

/**
 * Runs `work` while no other process runs work under the same lock.
 *
 * @param onWait called once if another one has to end first
 */
export async function withLock<Result>(
	directory: string,
	work: () => Promise<Result>,
	onWait: () => void = () => undefined,
): Promise<Result> {
	await mkdir(path.dirname(directory), { recursive: true });
	for (let tries = 0; !(await taken(directory)); tries++) {
		if (tries === 0) onWait();
		await delay(RETRY);
	}
	const forget = onExit(() => rmSync(directory, { recursive: true, force: true }));
	const showLife = setInterval(() => {
		const now = new Date();
		utimes(directory, now, now).catch(() => undefined);
	}, SIGN_OF_LIFE);
	try {
		return await work();
	} finally {
		clearInterval(showLife);
		forget();
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
