import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { buildIfNeeded } from '../build.mts';
import { runCommand } from './runCommand.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NAME = 'n8n-nodes-aichats';

/** Builds the package and packs what npm would publish. @returns path of the tarball */
export async function packPackage(into: string): Promise<string> {
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
	const target = path.join(userFolder, '.n8n/nodes/node_modules', NAME);
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
}
