import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from '../../../dev/n8n/runCommand.mts';

/** A packed package that is published as `version`. */
export interface Release {
	version: string;
	/** What npm publishes. */
	source: string;
}

/** The same package as in a tarball, unpacked into `folder`, one minor version later. */
export async function nextVersion(tarball: string, folder: string): Promise<Release> {
	const source = path.join(folder, 'next');
	await mkdir(source, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '--strip-components=1', '-C', source]);
	const file = path.join(source, 'package.json');
	const manifest = JSON.parse(await readFile(file, 'utf8')) as { version: string };
	const [major, minor] = manifest.version.split('.').map(Number) as [number, number];
	const version = `${major}.${minor + 1}.0`;
	await writeFile(file, JSON.stringify({ ...manifest, version }));
	return { version, source };
}
