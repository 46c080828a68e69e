import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { withLock } from './lock.mts';
import { runCommand } from './n8n/processes.mts';

const ROOT = path.resolve(import.meta.dirname, '..');
/** Holds the fingerprint of the lock file whose packages are installed. */
const MARK = 'node_modules/.installed';

/**
 * Installs what a folder's own package.json names, unless its lock file's packages are there: tools that few
 * people need, and that `npm ci` at the root would make everyone wait for.
 */
export async function installFolder(name: string): Promise<void> {
	const folder = path.join(ROOT, name);
	await withLock(path.join(ROOT, `node_modules/.cache/aichats-install-${name}`), async () => {
		const lock = await readFile(path.join(folder, 'package-lock.json'));
		const fingerprint = createHash('sha256').update(lock).digest('hex');
		const installed = await readFile(path.join(folder, MARK), 'utf8').catch(() => '');
		if (installed === fingerprint) return;
		console.log(`Installing the packages of ${name}/, once ...`);
		// None of them has a script that is needed.
		const parameters = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
		await runCommand('npm', parameters, { cwd: folder });
		await writeFile(path.join(folder, MARK), fingerprint);
	});
}

if (process.argv[1] === import.meta.filename) {
	for (const name of process.argv.slice(2)) await installFolder(name);
}
