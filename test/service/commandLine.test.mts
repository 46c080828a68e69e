import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';

import { directiveTable } from '../../dev/service/index.mts';
import { openService } from './support/service.mts';

const main = fileURLToPath(new URL('../../dev/service/main.mts', import.meta.url));

interface Run {
	child: ChildProcess;
	output(): string;
	code: Promise<number | null>;
}

function run(...flags: string[]): Run {
	const child = spawn(process.execPath, ['--import', 'tsx', main, ...flags]);
	let text = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (bytes: Buffer) => (text += bytes.toString()));
	}
	onTestFinished(() => void child.kill('SIGKILL'));
	return { child, output: () => text, code: once(child, 'close').then(([code]) => code as number) };
}

test('it prints the URLs and that no model is run, and ends on Ctrl-C', async () => {
	const { child, output, code } = run('--port', '0', '--image-port', '0', '--pace', '0');
	await vi.waitFor(() => expect(output()).toContain('Ctrl-C'), { timeout: 20_000 });
	expect(output()).toContain('runs no model');
	const base = /OpenAI-compatible base URL +(\S+\/v1)/.exec(output())?.[1];
	expect((await fetch(`${base}/models`)).status).toBe(200);
	child.kill('SIGINT');
	expect(await code).toBe(0);
});

test('--faults prints the whole table and ends', async () => {
	const { output, code } = run('--faults');
	expect(await code).toBe(0);
	for (const { usage, explanation } of directiveTable) {
		expect(output()).toContain(usage);
		expect(output()).toContain(explanation);
	}
});

test('a port in use, and a flag that is not a number, are reported clearly', async () => {
	const service = await openService();
	const { port } = new URL(service.url);
	const busy = run('--port', port);
	expect(await busy.code).toBe(1);
	expect(busy.output()).toContain(`Port ${port} is in use.`);
	const wrong = run('--port', 'many');
	expect(await wrong.code).toBe(1);
	expect(wrong.output()).toContain('a whole number is expected');
});
