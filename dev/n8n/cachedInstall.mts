import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { withLock } from '../lock.mts';
import { runCommand } from './runCommand.mts';

const LOCK_FILE = 'package-lock.json';
const NPMRC = path.resolve(import.meta.dirname, '../../.npmrc');
/** How often a long step says that it is still at it, in ms. */
const REPORT = 30_000;

export type OnLine = (line: string) => void;

/**
 * Installs something that is too big for the project's own dependencies, once, into the user's cache
 * folder: `npm ci` would empty node_modules, and `n8n-node build` copies images out of any other folder
 * of the project. An interrupted installation is begun again; two at a time wait for each other.
 *
 * @param name folder in the cache; what it holds must follow from it
 * @param fill installs into the empty folder that it is given
 * @returns the folder
 */
export async function cachedInstall(
	name: string,
	fill: (directory: string) => Promise<void>,
): Promise<string> {
	const directory = path.join(cacheDirectory(), name);
	await withLock(`${directory}.lock`, async () => {
		if (await exists(directory)) return;
		const unfinished = `${directory}.unfinished`;
		await rm(unfinished, { recursive: true, force: true });
		await mkdir(unfinished, { recursive: true });
		await copyFile(NPMRC, path.join(unfinished, '.npmrc'));
		await fill(unfinished);
		await rename(unfinished, directory);
	});
	return directory;
}

/** Where installations are kept. `AICHATS_CACHE` overrides it. */
export function cacheDirectory(): string {
	const { AICHATS_CACHE, XDG_CACHE_HOME } = process.env;
	if (AICHATS_CACHE) return path.resolve(AICHATS_CACHE);
	return path.join(XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'n8n-nodes-aichats');
}

/** A package.json with its lock file, to be installed elsewhere. */
export class Recipe {
	constructor(private readonly folder: string) {}

	/** A few letters that follow from the lock file. */
	async fingerprint(): Promise<string> {
		const lock = await readFile(path.join(this.folder, LOCK_FILE));
		return createHash('sha256').update(lock).digest('hex').slice(0, 8);
	}

	/** The version that is asked for of a package. */
	async version(name: string): Promise<string> {
		const text = await readFile(path.join(this.folder, 'package.json'), 'utf8');
		const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
		return dependencies[name] as string;
	}

	async copyTo(directory: string): Promise<void> {
		for (const name of ['package.json', LOCK_FILE]) {
			await copyFile(path.join(this.folder, name), path.join(directory, name));
		}
	}
}

/** Runs npm, and says now and then that it still does. @throws Error with npm's words */
export async function npm(directory: string, parameters: string[], onLine: OnLine): Promise<void> {
	const started = Date.now();
	const report = setInterval(() => {
		onLine(`  still at it after ${Math.round((Date.now() - started) / 1000)} s`);
	}, REPORT);
	try {
		await runCommand('npm', [...parameters, '--no-audit', '--no-fund'], { cwd: directory });
	} finally {
		clearInterval(report);
	}
}

async function exists(file: string): Promise<boolean> {
	return await stat(file).then(
		() => true,
		() => false,
	);
}
