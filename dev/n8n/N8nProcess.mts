import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import type { N8nInstallation } from './installation.mts';
import { BackgroundProcess, freePort, type ProcessOptions } from './processes.mts';

/** How long n8n may take to answer after its start, in ms; the first one migrates its database. */
const MAX_START_TIME = 180_000;

export interface N8nProcessOptions {
	installation: N8nInstallation;
	/** Its user folder, made if missing; the database, binary data and packages lie below `.n8n` in it. */
	folder: string;
	/** Preferred port; a different one if it is taken. */
	port?: number;
	/** What to run, by default `start`; e.g. `worker --concurrency=5`. */
	command?: string[];
	/** Additional settings; they override those that every n8n gets here. */
	environment?: Record<string, string>;
	/** Name of its log file in the folder, by default `n8n.log`. */
	logName?: string;
}

/** An n8n in a separate process, on loopback, with the task runners that it starts. */
export class N8nProcess extends BackgroundProcess {
	private constructor(
		readonly url: string,
		private readonly signs: string[],
		options: ProcessOptions,
	) {
		super(options);
	}

	/** Starts n8n and waits until it is ready. @throws Error with its log when it ends or takes too long */
	static async start(options: N8nProcessOptions): Promise<N8nProcess> {
		const { installation, folder, command = ['start'], logName = 'n8n.log' } = options;
		await mkdir(folder, { recursive: true });
		const port = await freePort(options.port);
		const started = new N8nProcess(`http://127.0.0.1:${port}`, signsOfLife(command), {
			name: 'n8n',
			program: process.execPath,
			parameters: [installation.program, ...command],
			folder,
			environment: await environment(options, port),
			logFile: path.join(folder, logName),
		});
		await started.ready(async () => await started.answers(), MAX_START_TIME);
		return started;
	}

	private async answers(): Promise<boolean> {
		const answers = this.signs.map(async (path) => await fetch(`${this.url}${path}`));
		return await Promise.all(answers).then(
			(responses) => responses.every(({ ok }) => ok),
			() => false,
		);
	}
}

/** What must answer. Older versions report that they are ready before their REST API is. */
function signsOfLife([command]: string[]): string[] {
	const ready = '/healthz/readiness';
	return command === 'start' ? [ready, '/rest/settings'] : [ready];
}

/** n8n must not inherit the variables of npm and vitest. */
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
