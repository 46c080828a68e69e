import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { installFolder } from './installFolder.mts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SHIPPED = ['credentials', 'nodes', 'providers', 'transport'];

/** All that CI checks besides lint, types, tests and a real n8n; each step says what it is. */
const STEPS: Array<[what: string, command: string[]]> = [
	[
		'Directions of imports, and cycles',
		['tools/node_modules/.bin/depcruise', '--config', 'dev/imports.cjs', ...SHIPPED],
	],
	[
		'Types of what has packages of its own',
		['tsc', '--noEmit', '--project', 'tsconfig.check.json'],
	],
	['Spelling and grammar', ['tsx', 'tools/prose/main.mts']],
	[
		"n8n's verification rules, on the sources and the packed package",
		['tsx', 'tools/scan/main.mts'],
	],
	[
		'Long tests: release rehearsal, links, commands, fuzz, large inputs, 10,000 items, rate limits, memory, bench',
		['vitest', 'run', '--project', 'check', '--project', 'bench'],
	],
];

for (const name of ['tools', 'bench']) await installFolder(name);
for (const [what, [program, ...parameters]] of STEPS) {
	console.log(`\n== ${what}`);
	const child = spawn(program!, parameters, { cwd: ROOT, stdio: 'inherit' });
	const [code] = (await once(child, 'close')) as [number | null];
	if (code !== 0) {
		console.log(`Failed: ${what}`);
		process.exit(code ?? 1);
	}
}
