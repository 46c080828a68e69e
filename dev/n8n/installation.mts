import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { cachedInstall, npm, type OnLine, Recipe } from './cachedInstall.mts';

const RECIPE = new Recipe(import.meta.dirname);

/** A real n8n on this machine. */
export interface N8nInstallation {
	version: string;
	/** The folder whose node_modules hold n8n. */
	directory: string;
	/** The program to start with Node.js. */
	program: string;
}

export interface InstallOptions {
	/** Another n8n than the pinned one: what npm makes of it today, without a lock file. */
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
	const isPinned = options.version === undefined;
	const name = isPinned ? `n8n-${version}-${await RECIPE.fingerprint()}` : `n8n-${version}`;
	const directory = await cachedInstall(name, async (folder) => {
		onLine(`Installing n8n ${version}: about 3 GB, 3 to 6 minutes, once ...`);
		if (isPinned) await RECIPE.copyTo(folder);
		else await writeManifest(folder, version);
		// The scripts of some dependencies download from elsewhere; only the database driver needs its own.
		await npm(folder, [isPinned ? 'ci' : 'install', '--ignore-scripts'], onLine);
		onLine('Building its database driver ...');
		await npm(folder, ['rebuild', 'sqlite3'], onLine);
	});
	return { version, directory, program: path.join(directory, 'node_modules/n8n/bin/n8n') };
}

export async function pinnedVersion(): Promise<string> {
	return await RECIPE.version('n8n');
}

async function writeManifest(directory: string, version: string): Promise<void> {
	const manifest = { private: true, dependencies: { n8n: version } };
	await writeFile(path.join(directory, 'package.json'), JSON.stringify(manifest));
}
