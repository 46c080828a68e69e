import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { withLock } from '../lock.mts';
import { runCommand } from './processes.mts';

const LOCK_FILE = 'package-lock.json';
const NPMRC = path.resolve(import.meta.dirname, '../../.npmrc');
/** How often a long step reports that it is still running, in ms. */
const REPORT = 30_000;

export type OnLine = (line: string) => void;

/**
 * Installs something that is too big for the project's own dependencies, once, into the user's cache
 * folder: `npm ci` would empty node_modules, and `n8n-node build` copies images out of any other folder
 * of the project. An interrupted installation starts over; two at the same time wait for each other.
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

	/** A short hash of the lock file. */
	async fingerprint(): Promise<string> {
		const lock = await readFile(path.join(this.folder, LOCK_FILE));
		return createHash('sha256').update(lock).digest('hex').slice(0, 8);
	}

	/** The requested version of a package. */
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

/** Runs npm, and reports now and then that it is still running. @throws Error with npm's output */
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

const NAME = 'sqlite3';
const BUILT = 'build/Release/node_sqlite3.node';

/** Gives an n8n that was installed without scripts its database driver, built once for all that need the same. */
export async function addDatabaseDriver(folder: string, onLine: OnLine): Promise<void> {
	const place = path.join(folder, 'node_modules', NAME);
	const manifest = await readFile(path.join(place, 'package.json'), 'utf8');
	const { version } = JSON.parse(manifest) as { version: string };
	const kept = await cachedInstall(`${NAME}-${version}`, async (into) => {
		onLine(`Building its database driver, ${NAME} ${version}, once ...`);
		await npm(folder, ['rebuild', NAME], onLine);
		await copyFile(path.join(place, BUILT), path.join(into, path.basename(BUILT)));
	});
	await mkdir(path.dirname(path.join(place, BUILT)), { recursive: true });
	await copyFile(path.join(kept, path.basename(BUILT)), path.join(place, BUILT));
}

const PINNED = new Recipe(import.meta.dirname);
const OLDEST = new Recipe(path.join(import.meta.dirname, 'oldest'));

/** A real n8n on this machine. */
export interface N8nInstallation {
	version: string;
	/** The folder whose node_modules hold n8n. */
	directory: string;
	/** The program to start with Node.js. */
	program: string;
}

export interface InstallOptions {
	/** An n8n other than the pinned one; except for the oldest supported, as npm resolves it today. */
	version?: string | undefined;
	/** Receives progress messages, one line each. */
	onLine?: OnLine;
}

/**
 * The pinned n8n (or another version), fetched on first use and kept for later ones.
 *
 * @throws Error with npm's output when it cannot be installed
 */
export async function installN8n(options: InstallOptions = {}): Promise<N8nInstallation> {
	const { version = await pinnedVersion(), onLine = () => undefined } = options;
	const recipe = await recipeOf(version);
	const name = recipe ? `n8n-${version}-${await recipe.fingerprint()}` : `n8n-${version}`;
	const directory = await cachedInstall(name, async (folder) => {
		onLine(`Installing n8n ${version}: 2 to 3 GB, 3 to 6 minutes, once ...`);
		if (recipe) await recipe.copyTo(folder);
		else await writeManifest(folder, version);
		// The scripts of some dependencies download from elsewhere; only the database driver needs its own.
		await npm(folder, [recipe ? 'ci' : 'install', '--ignore-scripts'], onLine);
		await addDatabaseDriver(folder, onLine);
	});
	return { version, directory, program: path.join(directory, 'node_modules/n8n/bin/n8n') };
}

/** The version that everything is tested on. */
export async function pinnedVersion(): Promise<string> {
	return await PINNED.version('n8n');
}

/** The oldest version that the package supports. */
export async function oldestVersion(): Promise<string> {
	return await OLDEST.version('n8n');
}

async function recipeOf(version: string): Promise<Recipe | undefined> {
	if (version === (await pinnedVersion())) return PINNED;
	return version === (await oldestVersion()) ? OLDEST : undefined;
}

async function writeManifest(directory: string, version: string): Promise<void> {
	// Older versions get this package from a separate server; the registry has a different version of it.
	const overrides = { xlsx: '0.18.5' };
	const manifest = { private: true, dependencies: { n8n: version }, overrides };
	await writeFile(path.join(directory, 'package.json'), JSON.stringify(manifest));
}
