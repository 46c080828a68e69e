import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The local service in a process of its own, so that its memory is not counted. */
export async function startServiceProcess(): Promise<{ url: string; close(): Promise<void> }> {
	const main = path.join(ROOT, 'dev/service/main.mts');
	const flags = ['--port', '0', '--pace', '0'];
	const child = spawn(process.execPath, ['--import', 'tsx', main, ...flags], {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const ended = once(child, 'exit');
	const url = await readUrl(child.stdout);
	// What it logs must be read on, or its pipe runs full and it stands still.
	child.stdout.resume();
	return {
		url,
		close: async () => {
			child.kill();
			await ended;
		},
	};
}

async function readUrl(output: NodeJS.ReadableStream): Promise<string> {
	for await (const line of createInterface({ input: output })) {
		const url = /Ai-Chats base URL\s+(\S+)/.exec(line)?.[1];
		if (url !== undefined) return url;
	}
	throw new Error('The service did not tell its URL');
}

/**
 * What a script of this folder prints about its run, in a fresh process.
 * @param values its arguments; objects are written as JSON
 */
export async function measureRun<Figures>(
	script: string,
	...values: Array<string | object>
): Promise<Figures> {
	const file = path.join(ROOT, 'test/memory', script);
	const texts = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
	const flags = ['--expose-gc', '--import', 'tsx', file];
	const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...texts], {
		cwd: ROOT,
	});
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Figures;
}
