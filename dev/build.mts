import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

import { withLock } from './lock.mts';
import { runCommand } from './n8n/processes.mts';

/** The sources of the build, relative to the root. */
export const SOURCES = ['nodes', 'credentials', 'providers', 'transport', 'icons', 'package.json'];
/** Written last, by the asset pipeline: it marks a complete build. */
const LAST_WRITTEN = 'dist/nodes/AiChats/AiChats.node.json';

/** Builds the package unless it is built and newer than every source. @throws Error with the compiler's output */
export async function buildIfNeeded(directory: string): Promise<void> {
	const lock = path.join(directory, 'node_modules/.cache/aichats-build');
	await withLock(lock, async () => {
		if (!(await isBuilt(directory))) await build(directory);
	});
}

async function isBuilt(directory: string): Promise<boolean> {
	const built = await Promise.all((await outputs(directory)).map(modified));
	const sources = await Promise.all(SOURCES.map((name) => newest(path.join(directory, name))));
	return Math.min(...built) > Math.max(...sources);
}

async function build(directory: string): Promise<void> {
	// The compiler's output, without the hundreds of frames of its spinner.
	const env = { ...process.env, CI: 'true' };
	const options = { cwd: directory, env };
	await runCommand('npm', ['run', 'build'], options).catch(({ message }: Error) => {
		throw new Error(`The build failed:\n${message}`);
	});
}

/** The files that must exist: all that package.json names for n8n. */
async function outputs(directory: string): Promise<string[]> {
	const manifest = JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8'));
	const { nodes, credentials } = manifest.n8n as Record<string, string[]>;
	return [...nodes!, ...credentials!, LAST_WRITTEN].map((name) => path.join(directory, name));
}

/** Modification time in ms; 0 where there is no file. */
async function modified(file: string): Promise<number> {
	const found = await stat(file).catch(() => undefined);
	return found?.mtimeMs ?? 0;
}

async function newest(root: string): Promise<number> {
	if ((await stat(root)).isFile()) return await modified(root);
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile());
	const times = files.map(async (file) => await modified(path.join(file.parentPath, file.name)));
	return Math.max(0, ...(await Promise.all(times)));
}
