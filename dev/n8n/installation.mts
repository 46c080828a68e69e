import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { cachedInstall, npm, type OnLine, Recipe } from './cachedInstall.mts';
import { addDatabaseDriver } from './databaseDriver.mts';

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
	/** Another n8n than the pinned one; but for the oldest supported, what npm makes of it today. */
	version?: string | undefined;
	/** Hears what is going on, a line each. */
	onLine?: OnLine;
}

/**
 * The pinned n8n (or another version), fetched on first use and kept for later ones.
 *
 * @throws Error with npm's words when it cannot be installed
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

/** The version that everything is tried on. */
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
	// Older ones take this package from a server of its own; the registry has another version of it.
	const overrides = { xlsx: '0.18.5' };
	const manifest = { private: true, dependencies: { n8n: version }, overrides };
	await writeFile(path.join(directory, 'package.json'), JSON.stringify(manifest));
}
