import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Command } from 'commander';

import { rehearse, RELEASE_IT } from './rehearse.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const command = new Command('npm run release --')
	.description(
		'Raises the version, dates the changelog, commits, tags and pushes. The tag makes GitHub Actions publish to npm.',
	)
	.argument('[increment]', 'patch, minor, major or a version; none keeps the version that is there')
	.option('--dry-run', 'rehearse all of it, publishing included, in a copy and without the network')
	.parse();
const [increment] = command.args;
const steps = increment === undefined ? ['--no-increment'] : [increment];

if (command.opts<{ dryRun?: boolean }>().dryRun === true) {
	await rehearse(ROOT, steps, (line) => console.log(line));
} else {
	process.exitCode = await run(path.join(ROOT, RELEASE_IT), ['--ci', ...steps]);
}

async function run(program: string, parameters: string[]): Promise<number> {
	const child = spawn(program, parameters, { cwd: ROOT, stdio: 'inherit' });
	const [code] = (await once(child, 'close')) as [number | null];
	return code ?? 1;
}
