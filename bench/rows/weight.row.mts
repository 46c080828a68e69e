import { stat } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from '../../dev/n8n/processes.mts';
import type { Figures } from '../figures.mts';
import type { Bench } from '../lab/Bench.mts';
import {
	folderSize,
	type InstalledPackage,
	installPackage,
	PACKAGES,
} from '../weight/packages.mts';
import type { Contestant, Row } from './row.mts';

const SCRIPT = path.resolve(import.meta.dirname, '../weight/load.mts');
const KILOBYTE = 1000;

/** What a package costs before it does anything. */
export const weightRow: Row = {
	name: 'weight',
	title: 'Weight of the package',
	about:
		'Time to load all nodes of a package in a fresh process that has n8n-workflow loaded already, what npm downloads of the package, and what it takes on the disk with its dependencies, beside four published community nodes.',
	quantities: ['load', 'packed', 'unpacked'],
	charted: 'load',
	rounds: (scale) => (scale === 'full' ? 7 : 2),
	contestants: (bench) => [
		contestant('n8n-nodes-aichats', async () => await ownPackage(bench)),
		...PACKAGES.map(
			(rival): Contestant =>
				contestant(
					`${rival.name} ${rival.version}`,
					async () => await installPackage(rival, () => undefined),
				),
		),
	],
	limits: () => [],
};

function contestant(name: string, find: () => Promise<InstalledPackage>): Contestant {
	return {
		name,
		warmUp: async () => void (await find()),
		async measure({ installation }): Promise<Figures> {
			const { directory, packed, unpacked } = await find();
			const modules = path.join(installation.directory, 'node_modules');
			const told = await runCommand(process.execPath, [SCRIPT, directory], {
				env: { ...process.env, NODE_PATH: modules },
			});
			return { load: Number(told), packed: packed / KILOBYTE, unpacked: unpacked / KILOBYTE };
		},
	};
}

async function ownPackage({ tarball, packageDirectory }: Bench): Promise<InstalledPackage> {
	const { size } = await stat(tarball);
	return {
		directory: packageDirectory,
		packed: size,
		unpacked: await folderSize(packageDirectory),
	};
}
