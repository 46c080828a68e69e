import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { N8nClient } from '../../dev/n8n/N8nClient.mts';

/** Ids of the process and of all processes that it and they have started. */
export async function descendants(pid: number): Promise<number[]> {
	const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
	const all = stdout
		.trim()
		.split('\n')
		.map((line) => line.trim().split(/\s+/).map(Number));
	const found = [pid];
	for (const parent of found) {
		found.push(...all.filter(([, its]) => its === parent).map(([child]) => child as number));
	}
	return found;
}

/** Those of the processes that still run. */
export function alive(pids: readonly number[]): number[] {
	return pids.filter((pid) => {
		try {
			return process.kill(pid, 0);
		} catch {
			return false;
		}
	});
}

const ROOT = path.resolve(import.meta.dirname, '../..');
/** What is made by commands, and so is not in a fresh clone. */
const MADE = new Set(['.git', 'coverage', 'dist', 'node_modules', 'output']);

/** A copy of the project as a fresh clone has it after `npm ci`, to be changed by a test. */
export async function copyProject(into: string): Promise<void> {
	const names = (await readdir(ROOT)).filter((name) => !MADE.has(name));
	for (const name of names) {
		const filter = (source: string) => !MADE.has(path.basename(source));
		await cp(path.join(ROOT, name), path.join(into, name), { recursive: true, filter });
	}
	await symlink(path.join(ROOT, 'node_modules'), path.join(into, 'node_modules'));
}

/** `npm start` in what looks like a terminal to the project. */
export class StartedProject {
	private constructor(
		private readonly child: ChildProcess,
		private readonly closed: Promise<unknown>,
		private readonly lines: { text: string },
	) {}

	/** Waits until all runs. @throws Error with what was printed when it ends before */
	static async start(directory: string, parameters: string[]): Promise<StartedProject> {
		const started = StartedProject.begin(directory, parameters);
		await started.printed(/^Ctrl-C/m);
		return started;
	}

	static begin(directory: string, parameters: string[]): StartedProject {
		// A separate process group, as a shell creates for a command: Ctrl-C reaches all of it.
		const child = spawn('npm', ['start', '--', ...parameters], { cwd: directory, detached: true });
		const started = new StartedProject(child, once(child, 'close'), { text: '' });
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => (started.lines.text += text));
		}
		return started;
	}

	get output(): string {
		return this.lines.text;
	}

	/** Address of n8n. */
	get url(): string {
		return this.addressOf(/^n8n +(\S+)$/m);
	}

	/** Address of the stand-in service. */
	get serviceUrl(): string {
		return this.addressOf(/^Service +(\S+)$/m);
	}

	/** A client that is signed in. */
	async client(): Promise<N8nClient> {
		const client = new N8nClient(this.url);
		await client.signIn();
		return client;
	}

	/** Waits for a line. @throws Error with what was printed when it ends before */
	async printed(pattern: RegExp): Promise<void> {
		const ended = this.closed.then(() => 'ended');
		while (!pattern.test(this.output)) {
			const next = Promise.race([once(this.child.stdout!, 'data'), ended]);
			if ((await next) === 'ended') throw new Error(`'npm start' ended:\n${this.output}`);
		}
	}

	/** Ctrl-C. @returns the processes that ran until then */
	async interrupt(): Promise<number[]> {
		const pids = await descendants(this.child.pid as number);
		process.kill(-(this.child.pid as number), 'SIGINT');
		await this.closed;
		return pids;
	}

	/** Ends it if a test has not. */
	async close(): Promise<void> {
		if (this.child.exitCode === null && this.child.signalCode === null) await this.interrupt();
	}

	private addressOf(line: RegExp): string {
		return line.exec(this.output)?.[1] as string;
	}
}
