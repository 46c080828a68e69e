import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import type { INodeParameters } from 'n8n-workflow';

import type { ImageRun } from './imageRun.mts';

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
 * One Image run, after a warm-up, in a fresh process.
 * @param script `imageRun.mts` for the operation, `bareRun.mts` for Node's own client
 */
export async function measureRun(
	script: 'imageRun.mts' | 'bareRun.mts',
	url: string,
	warmUp: INodeParameters,
	measured: INodeParameters,
	mode: 'collecting' | 'as it is',
): Promise<ImageRun> {
	const file = path.join(ROOT, 'test/memory', script);
	const values = [url, JSON.stringify(warmUp), JSON.stringify(measured), mode];
	const flags = ['--expose-gc', '--import', 'tsx', file];
	const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...values], {
		cwd: ROOT,
	});
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ImageRun;
}
