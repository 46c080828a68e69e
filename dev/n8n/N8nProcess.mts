import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { N8nInstallation } from './installation.mts';
import { freePort } from './ports.mts';

/** How long n8n may take to answer after its start, in ms; the first one migrates its database. */
const LONGEST_START = 180_000;
/** How long it may take to end by itself, in ms. */
const LONGEST_END = 15_000;
const POLL = 200;

export interface N8nProcessOptions {
	installation: N8nInstallation;
	/** Its user folder, made if missing; the database, binary data and packages lie below `.n8n` in it. */
	folder: string;
	/** Wanted port; another one where that is taken. */
	port?: number;
	/** What to run, by default `start`; e.g. `worker --concurrency=5`. */
	command?: string[];
	/** Further settings, over those that every n8n gets here. */
	environment?: Record<string, string>;
	/** Name of its log file in the folder, by default `n8n.log`. */
	logName?: string;
}

/** An n8n that runs as a process of its own, on loopback. */
export class N8nProcess {
	private constructor(
		readonly url: string,
		readonly folder: string,
		readonly logFile: string,
		private readonly child: ChildProcess,
	) {}

	/** Starts n8n and waits until it is ready. @throws Error with its log when it ends or takes too long */
	static async start(options: N8nProcessOptions): Promise<N8nProcess> {
		const { installation, folder, command = ['start'], logName = 'n8n.log' } = options;
		await mkdir(folder, { recursive: true });
		const port = await freePort(options.port);
		const logFile = path.join(folder, logName);
		// A group of its own: n8n starts task runners, and all of them are ended together.
		const child = spawn(process.execPath, [installation.program, ...command], {
			cwd: folder,
			env: await environment(options, port),
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: true,
		});
		const log = createWriteStream(logFile, { flags: 'a' });
		child.stdout.pipe(log, { end: false });
		child.stderr.pipe(log, { end: false });
		child.once('close', () => log.end());
		const started = new N8nProcess(`http://127.0.0.1:${port}`, folder, logFile, child);
		await started.ready();
		return started;
	}

	get pid(): number {
		return this.child.pid as number;
	}

	get running(): boolean {
		return this.child.exitCode === null && this.child.signalCode === null;
	}

	/** Ends it as an administrator would, and for good if it does not end. */
	async stop(): Promise<void> {
		if (!this.running) return this.kill();
		const ended = once(this.child, 'close');
		this.child.kill('SIGTERM');
		const patience = new AbortController();
		const late = delay(LONGEST_END, 'late', { signal: patience.signal }).catch(() => 'ended');
		if ((await Promise.race([ended, late])) === 'late') this.kill();
		patience.abort();
		await ended;
		this.kill();
	}

	/** Ends it and all it started, at once. */
	kill(): void {
		try {
			process.kill(-this.pid, 'SIGKILL');
		} catch {
			// The group is empty: all have ended.
		}
	}

	async log(): Promise<string> {
		return await readFile(this.logFile, 'utf8').catch(() => '');
	}

	private async ready(): Promise<void> {
		const deadline = Date.now() + LONGEST_START;
		while (!(await this.answers())) {
			if (this.running && Date.now() < deadline) {
				await delay(POLL);
				continue;
			}
			this.kill();
			throw new Error(`n8n did not start:\n${(await this.log()).slice(-4000)}`);
		}
	}

	private async answers(): Promise<boolean> {
		return await fetch(`${this.url}/healthz/readiness`).then(
			({ ok }) => ok,
			() => false,
		);
	}
}

/** What this process has from npm and vitest is none of n8n's business. */
const FOREIGN = /^(N8N_|NODE_ENV$|NODE_OPTIONS$|VITEST|npm_(?!config_(registry|cache)))/;

async function environment(
	{ folder, environment: further = {} }: N8nProcessOptions,
	port: number,
): Promise<NodeJS.ProcessEnv> {
	const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
	return {
		...Object.fromEntries(inherited),
		N8N_USER_FOLDER: folder,
		N8N_PORT: String(port),
		// A worker shows its health there.
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RESTRICT_FILE_ACCESS_TO: path.join(folder, 'files'),
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		GENERIC_TIMEZONE: 'UTC',
		...further,
	};
}
