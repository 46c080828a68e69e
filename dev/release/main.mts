import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { Command } from 'commander';

import { rehearse } from './rehearse.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const command = new Command('npm run release --')
	.description(
		'Raises the version, dates the changelog, commits, tags and pushes. The tag makes GitHub Actions publish to npm, where this same script is what publishes.',
	)
	.argument('[increment]', 'patch, minor, major or a version; none keeps the version that is there')
	.option('--dry-run', 'rehearse all of it, publishing included, in a copy and without the network')
	.parse();
const [increment] = command.args;
const steps = increment === undefined ? ['--no-increment'] : [increment];

if (command.opts<{ dryRun?: boolean }>().dryRun === true) {
	await rehearse(ROOT, steps, (line) => console.log(line));
} else if (process.env['GITHUB_ACTIONS'] === 'true') {
	await publish();
} else {
	process.exitCode = await run('release-it', ['--ci', ...steps]);
}

/** With npm provenance, which n8n wants and only a workflow can give. */
async function publish(): Promise<void> {
	const { GITHUB_REF_TYPE: type, GITHUB_REF_NAME: name } = process.env;
	const manifest = await readFile(path.join(ROOT, 'package.json'), 'utf8');
	const { version } = JSON.parse(manifest) as { version: string };
	if (type !== 'tag' || name !== version) {
		throw new Error(`Version ${version} is published from the tag ${version}, not from ${name}`);
	}
	process.exitCode = await run('n8n-node', ['release']);
}

async function run(program: string, parameters: string[]): Promise<number> {
	const child = spawn(program, parameters, { cwd: ROOT, stdio: 'inherit' });
	const [code] = (await once(child, 'close')) as [number | null];
	return code ?? 1;
}
