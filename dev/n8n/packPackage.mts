import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { buildIfNeeded } from '../build.mts';
import type { OnLine } from './installation.mts';
import { runCommand } from './processes.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NAME = 'n8n-nodes-aichats';

/** Builds the package and packs what npm would publish. @returns path of the tarball */
export async function packPackage(into: string, onLine: OnLine = () => undefined): Promise<string> {
	onLine('Building the package if its sources changed ...');
	await buildIfNeeded(ROOT);
	await mkdir(into, { recursive: true });
	// Without scripts: `prepublishOnly` and its like would build again.
	const told = await runCommand(
		'npm',
		['pack', '--json', '--ignore-scripts', '--pack-destination', into],
		{ cwd: ROOT },
	);
	const [{ filename }] = JSON.parse(told) as [{ filename: string }];
	return path.join(into, filename);
}

/** Unpacks the tarball to where n8n keeps installed community packages. */
export async function placePackage(tarball: string, userFolder: string): Promise<void> {
	await rm(placeIn(userFolder), { recursive: true, force: true });
	await unpackOver(tarball, userFolder);
}

/** The same over an earlier one, whose folder stays: a running n8n may watch it. */
export async function unpackOver(tarball: string, userFolder: string): Promise<void> {
	const target = placeIn(userFolder);
	await mkdir(target, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
}

function placeIn(userFolder: string): string {
	return path.join(userFolder, '.n8n/nodes/node_modules', NAME);
}
