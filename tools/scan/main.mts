import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { packPackage } from '../../dev/n8n/packPackage.mts';
import { runCommand } from '../../dev/n8n/processes.mts';
import { scanFolder } from './scanFolder.mts';

/** What n8n's scan reads of the sources, and the two folders that those import from. */
const SOURCES = ['package.json', '{nodes,credentials,providers,transport}/**/*.{js,ts,json}'];
/** What it reads of the published package. */
const PACKED = ['package.json', '**/*.js'];

const root = path.resolve(import.meta.dirname, '../..');
const folder = await mkdtemp(path.join(os.tmpdir(), 'aichats-scan-'));
try {
	const tarball = await packPackage(folder);
	await runCommand('tar', ['-xzf', tarball, '-C', folder]);
	await report('The sources', root, SOURCES);
	await report('The packed package', path.join(folder, 'package'), PACKED);
} finally {
	await rm(folder, { recursive: true, force: true });
}

async function report(what: string, directory: string, patterns: string[]): Promise<void> {
	const { files, errors, warnings, findings } = await scanFolder(directory, patterns);
	for (const finding of findings) console.log(finding);
	console.log(`${what}: ${files} files, ${errors} errors, ${warnings} warnings`);
	if (errors + warnings > 0) process.exitCode = 1;
}
