import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { runCommand } from '../../dev/n8n/processes.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const GIGABYTE = 1024 ** 3;

/** Where and with what a comparison was made, as lines `name: value`. */
export async function surroundings(n8nVersion: string): Promise<Array<[string, string]>> {
	const processors = os.cpus();
	const memory = Math.round(os.totalmem() / GIGABYTE);
	return [
		['Date', new Date().toISOString().slice(0, 10)],
		['Machine', `${processors.length} × ${processors[0]?.model.trim()}, ${memory} GB of memory`],
		['System', `${os.type()} ${os.release().split('-')[0]}, ${os.arch()}`],
		['Node.js', process.versions.node],
		['n8n', n8nVersion],
		['n8n-nodes-aichats', `${await versionOf('.')} (commit ${await commit()})`],
		['undici', await versionOf('node_modules/undici')],
		['eventsource-parser', await versionOf('bench/node_modules/eventsource-parser')],
		['@n8n/ai-node-sdk', await versionOf('node_modules/@n8n/ai-node-sdk')],
	];
}

async function versionOf(folder: string): Promise<string> {
	const manifest = await readFile(path.join(ROOT, folder, 'package.json'), 'utf8');
	return (JSON.parse(manifest) as { version: string }).version;
}

async function commit(): Promise<string> {
	return (await runCommand('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT })).trim();
}
