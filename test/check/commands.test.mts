import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { runCommand } from '../../dev/n8n/processes.mts';
import { trackedFiles } from '../../dev/trackedFiles.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDERS =
	'bench|credentials|dev|docs|examples|icons|nodes|providers|test|tools|transport|\\.ci|\\.github|\\.vscode';

interface Command {
	page: string;
	/** Name of the script in package.json. */
	script: string;
	parameters: string[];
}

async function read(name: string): Promise<string> {
	return await readFile(path.join(ROOT, name), 'utf8');
}

/** The pages that tell what to type, the workflows and `.ci/run`. */
async function pages(): Promise<string[]> {
	return await trackedFiles(ROOT, '*.md', '.github/*.yml', '.ci/run');
}

/** Each call of a script of ours: `npm test`, `npm start`, `npm run x -- y`. */
async function commandsIn(page: string): Promise<Command[]> {
	const text = (await read(page)).replace(/\\\n\s*/g, '');
	const calls = text.matchAll(/\bnpm (?:run ([\w:-]+)|(test|start))(?: --((?: [^\s`#|&>()]+)+))?/g);
	return [...calls].map(([, run, short, rest = '']) => ({
		page,
		script: (run ?? short)!,
		parameters: rest.split(' ').filter((word) => word !== ''),
	}));
}

async function commands(): Promise<Command[]> {
	return (await Promise.all((await pages()).map(commandsIn))).flat();
}

/** All that is set in code, in lines and in blocks. */
function codeIn(text: string): string[] {
	return [...text.matchAll(/```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g)].flatMap(([, block, span]) =>
		(block ?? span ?? '').split(/[\s"',;()]+/),
	);
}

describe('What the pages tell people to type', () => {
	it('are scripts that there are', async () => {
		const { scripts } = JSON.parse(await read('package.json')) as { scripts: object };
		const told = await commands();
		expect(told.length).toBeGreaterThan(20);
		const unknown = told.filter(({ script }) => !(script in scripts));
		expect(unknown).toEqual([]);
	});

	it('are flags that the script knows', async () => {
		const flags = (await commands()).flatMap(({ page, script, parameters }) =>
			parameters
				.filter((word) => word.startsWith('--') && word !== '--help')
				.map((flag) => ({ page, script, flag: flag.replace(/=.*/, '') })),
		);
		expect(flags).not.toEqual([]);
		const helps = new Map<string, string>();
		for (const script of new Set(flags.map(({ script }) => script))) {
			helps.set(script, await runCommand('npm', ['run', script, '--', '--help'], { cwd: ROOT }));
		}
		expect(flags.filter(({ script, flag }) => !helps.get(script)?.includes(flag))).toEqual([]);
	});

	it('are parts of the test on a real n8n that there are', async () => {
		const parts = (await commands())
			.filter(({ script }) => script === 'test:n8n')
			.flatMap(({ parameters }) => parameters.filter((word) => /^[a-z]\w*$/i.test(word)));
		expect(parts).not.toEqual([]);
		const files = (await trackedFiles(ROOT, 'test/n8n/*.test.mts', 'test/browser/*.test.mts')).map(
			(name) => path.basename(name, '.test.mts'),
		);
		expect(parts.filter((part) => !files.includes(part))).toEqual([]);
	});
});

describe('The files that pages, workflows and the debugger name', () => {
	it('are there', async () => {
		const named = await Promise.all(
			(await trackedFiles(ROOT, '*.md')).map(async (page) =>
				codeIn(await read(page)).map((word) => ({ page, word })),
			),
		);
		const paths = named
			.flat()
			.filter(({ word }) => new RegExp(`^(${FOLDERS})/[\\w./@-]*$`).test(word));
		expect(paths.length).toBeGreaterThan(20);
		expect(paths.filter(({ word }) => !existsSync(path.join(ROOT, word)))).toEqual([]);
	});

	it('are there in .vscode/launch.json', async () => {
		const { configurations } = JSON.parse(await read('.vscode/launch.json')) as {
			configurations: Array<Record<string, unknown>>;
		};
		const paths = configurations
			.map(({ program }) => String(program).replace('${workspaceFolder}', ROOT))
			.filter((program) => !program.startsWith('${'));
		expect(paths.length).toBeGreaterThan(2);
		expect(paths.filter((program) => !existsSync(program))).toEqual([]);
	});
});
