import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { cachedInstall, npm, type OnLine } from '../../dev/n8n/installation.mts';
import { runCommand } from '../../dev/n8n/processes.mts';

/** Published community nodes to compare with: chats, images, a web service, and one with dependencies. */
export const PACKAGES = [
	{ name: 'n8n-nodes-deepseek', version: '1.0.6' },
	{ name: '@mendable/n8n-nodes-firecrawl', version: '2.1.2' },
	{ name: '@picsart/n8n-nodes-picsart-creative-apis', version: '5.4.8' },
	{ name: 'n8n-nodes-gigachat', version: '1.8.3' },
] as const;

const SIZES_FILE = 'sizes.json';

/** In bytes. */
export interface PackageSizes {
	/** What npm downloads. */
	packed: number;
	/** What lies on the disk with it, its dependencies included. */
	unpacked: number;
}

export interface InstalledPackage extends PackageSizes {
	/** The package's own folder. */
	directory: string;
}

/** Fetches a package and its dependencies into the cache. Nothing of it is run. */
export async function installPackage(
	{ name, version }: { name: string; version: string },
	onLine: OnLine,
): Promise<InstalledPackage> {
	const folderName = `bench-${name.replace(/[^a-z0-9-]/g, '_')}-${version}`;
	const root = await cachedInstall(folderName, async (folder) => {
		onLine(`Fetching ${name} ${version} ...`);
		const told = await runCommand('npm', ['pack', '--dry-run', '--json', `${name}@${version}`], {
			cwd: folder,
		});
		const [{ size }] = JSON.parse(told) as [{ size: number }];
		await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
		// n8n installs like this: no scripts, and no peers, which are its own.
		const flags = ['--ignore-scripts', '--legacy-peer-deps', '--omit=dev'];
		await npm(folder, ['install', `${name}@${version}`, ...flags], onLine);
		const unpacked = await folderSize(path.join(folder, 'node_modules'));
		await writeFile(path.join(folder, SIZES_FILE), JSON.stringify({ packed: size, unpacked }));
	});
	const sizes = JSON.parse(await readFile(path.join(root, SIZES_FILE), 'utf8')) as PackageSizes;
	return { ...sizes, directory: path.join(root, 'node_modules', name) };
}

/** Bytes of all files in a folder. */
export async function folderSize(folder: string): Promise<number> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile());
	const sizes = files.map(
		async ({ parentPath, name }) => (await stat(path.join(parentPath, name))).size,
	);
	return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
