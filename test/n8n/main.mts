import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { Command } from 'commander';

import { installN8n, oldestVersion, pinnedVersion } from '../../dev/n8n/installation.mts';

const command = new Command('npm run test:n8n --')
	.description(
		'Tests the packed package in a real n8n, which is installed on first use. Without names all parts run.',
	)
	.argument('[parts...]', 'names of parts, e.g. chain browser')
	.option(
		'--n8n-version <version>',
		`another n8n than ${await pinnedVersion()}; runs the part 'smoke'`,
	)
	.option(
		'--screenshots <folder>',
		"where the part 'browser' writes the images that the README shows",
		'output/test-n8n/screenshots',
	)
	.parse();
const { n8nVersion, screenshots } = command.opts<{ n8nVersion?: string; screenshots: string }>();
const parts = command.args.length > 0 || n8nVersion === undefined ? command.args : ['smoke'];

// Here, where their progress can be seen: what is printed in a test comes late.
const all = parts.length === 0;
const onLine = (line: string) => console.log(line);
if (all || parts.some((part) => part !== 'oldest'))
	await installN8n({ version: n8nVersion, onLine });
if (all || parts.includes('oldest')) await installN8n({ version: await oldestVersion(), onLine });
const child = spawn(
	'vitest',
	['run', '--config', 'vitest.n8n.config.mts', ...parts.map((part) => `/${part}.test.mts`)],
	{
		stdio: 'inherit',
		env: {
			...process.env,
			AICHATS_N8N_VERSION: n8nVersion ?? '',
			AICHATS_SCREENSHOTS: path.resolve(screenshots),
		},
	},
);
// The terminal sends Ctrl-C to vitest too, which ends what it started; this process waits for it.
process.on('SIGINT', () => undefined);
const [code] = (await once(child, 'close')) as [number | null];
process.exitCode = code ?? 1;
