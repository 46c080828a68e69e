import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { endGroupAfterwards } from '../caretaker/caretaker.mts';
import { onExit } from '../onExit.mts';

const LOOPBACK = '127.0.0.1';

/** A free port on loopback: the preferred one if possible. */
export async function freePort(wanted = 0): Promise<number> {
	return (await tryPort(wanted)) ?? (await freePort());
}

async function tryPort(port: number): Promise<number | undefined> {
	const server = createServer();
	return await new Promise((resolve) => {
		server.once('error', () => resolve(undefined));
		server.listen(port, LOOPBACK, () => {
			const { port: taken } = server.address() as AddressInfo;
			server.close(() => resolve(taken));
		});
	});
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program until it exits. @returns its output @throws Error with what it printed if it fails */
export async function runCommand(
	program: string,
	parameters: string[],
	options: { cwd?: string; env?: NodeJS.ProcessEnv; uid?: number; gid?: number } = {},
): Promise<string> {
	const running = promisify(execFile)(program, parameters, {
		...options,
		maxBuffer: MAX_OUTPUT_BYTES,
	});
	const forget = onExit(() => running.child.kill());
	try {
		return (await running).stdout;
	} catch (error) {
		// The message ends with what was printed as errors.
		const { message, stdout } = error as Error & { stdout?: string };
		throw new Error([message, stdout].filter(Boolean).join('\n'));
	} finally {
		forget();
	}
}

/** How long a process may take to exit on its own, in ms. */
const MAX_END_TIME = 15_000;
const POLL = 200;

export interface ProcessOptions {
	/** What to call it in errors. */
	name: string;
	program: string;
	parameters: string[];
	/** Folder it runs in. */
	folder: string;
	environment?: NodeJS.ProcessEnv;
	/** File to which all of its output is appended. */
	logFile: string;
	/** The user it runs as; by default the current one. */
	user?: { uid: number; gid: number } | undefined;
}

/**
 * A process that serves until it is stopped or this process ends, in a separate process group with all that it
 * starts itself.
 */
export class BackgroundProcess {
	readonly name: string;
	readonly folder: string;
	readonly logFile: string;
	/** Settles when it has ended, for whatever reason. */
	readonly ended: Promise<void>;
	private readonly child: ChildProcess;

	constructor(options: ProcessOptions) {
		const { name, program, parameters, folder, environment = process.env, logFile } = options;
		this.name = name;
		this.folder = folder;
		this.logFile = logFile;
		const log = openSync(logFile, 'a');
		this.child = spawn(program, parameters, {
			...options.user,
			cwd: folder,
			env: environment,
			stdio: ['ignore', log, log],
			detached: true,
		});
		closeSync(log);
		// Without a listener a program that cannot be started would end this process.
		this.child.once('error', () => undefined);
		const forget = endGroupAfterwards(this.pid);
		this.ended = once(this.child, 'close').then(forget, forget);
	}

	/** Id of the process; 0 when it could not be started. */
	get pid(): number {
		return this.child.pid ?? 0;
	}

	get running(): boolean {
		const { exitCode, signalCode } = this.child;
		return this.pid > 0 && exitCode === null && signalCode === null;
	}

	/**
	 * Waits until it answers, and ends it if it does not.
	 * @param maxTime in ms
	 * @throws Error with its log when it ends or takes too long
	 */
	async ready(answers: () => Promise<boolean>, maxTime: number): Promise<void> {
		const deadline = Date.now() + maxTime;
		while (!(await answers())) {
			if (this.running && Date.now() < deadline) {
				await delay(POLL);
				continue;
			}
			this.kill();
			throw new Error(`${this.name} did not start:\n${(await this.log()).slice(-4000)}`);
		}
	}

	/** Ends it as an administrator would, and kills it if it does not exit. */
	async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
		if (!this.running) return this.kill();
		this.child.kill(signal);
		const patience = new AbortController();
		const late = delay(MAX_END_TIME, 'late', { signal: patience.signal }).catch(() => 'ended');
		if ((await Promise.race([this.ended, late])) === 'late') this.kill();
		patience.abort();
		await this.ended;
		this.kill();
	}

	/** Ends it and all it started, at once. */
	kill(): void {
		if (this.pid === 0) return;
		try {
			process.kill(-this.pid, 'SIGKILL');
		} catch {
			// The group is empty: all have ended.
		}
	}

	async log(): Promise<string> {
		return await readFile(this.logFile, 'utf8').catch(() => '');
	}
}
