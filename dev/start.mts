import path from 'node:path';

import { SOURCES } from './build.mts';
import { withLock } from './lock.mts';
import { Lab } from './n8n/Lab.mts';
import { freePort } from './n8n/ports.mts';
import { announce } from './start/announce.mts';
import { importExamples } from './start/importExamples.mts';
import { readOptions, type StartOptions } from './start/options.mts';
import { reload, RELOADING } from './start/reload.mts';
import { watchSources } from './start/watchSources.mts';

/** Exit code of a program that was interrupted. */
const STOPPED = 130;
const ROOT = path.resolve(import.meta.dirname, '..');
/** Without it Safari does not sign in where there is no TLS. */
const ON_LOOPBACK = { N8N_SECURE_COOKIE: 'false' };

const say = (line: string) => console.log(line);
const interrupted = Promise.withResolvers<void>();
let isReady = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);

const options = readOptions(process.argv);
const { folder } = options;
try {
	await withLock(
		`${folder}.lock`,
		async () => await serve(options),
		() => say(`Waiting for the 'npm start' that uses ${folder}; --folder takes another one ...`),
	);
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
}

/** Ctrl-C: all is ended in order. A second one, or one before all runs, ends it at once. */
function interrupt(): void {
	if (!isReady) process.exit(STOPPED);
	isReady = false;
	interrupted.resolve();
}

/** Runs until it is interrupted, or n8n ends by itself. */
async function serve({ port, servicePort, watch }: StartOptions): Promise<void> {
	const lab = await Lab.open({
		folder,
		port,
		service: { port: await freePort(servicePort) },
		environment: { ...ON_LOOPBACK, ...(watch ? RELOADING : {}) },
		onLine: say,
	});
	const stopWatching = watch
		? watchSources(ROOT, SOURCES, async () => await reload(folder, say))
		: () => undefined;
	try {
		say(announce(lab, await importExamples(lab), options));
		isReady = true;
		await Promise.race([interrupted.promise, lab.n8n.ended]);
		if (isReady) throw new Error(`n8n has ended by itself. Its log: ${lab.n8n.logFile}`);
		say('\nStopping ...');
	} finally {
		stopWatching();
		await lab.close();
	}
}
