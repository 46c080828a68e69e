import { watch } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

import { SOURCES } from './build.mts';
import { type ImportedExample, importExamples } from './importExamples.mts';
import { withLock } from './lock.mts';
import { cacheDirectory, type OnLine } from './n8n/installation.mts';
import { Lab } from './n8n/Lab.mts';
import { OWNER } from './n8n/N8nClient.mts';
import { packPackage, unpackOver } from './n8n/packPackage.mts';
import { freePort } from './n8n/processes.mts';

export interface StartOptions {
	/** Wanted ports; others are taken where these are in use. */
	port: number;
	servicePort: number;
	/** n8n's user folder, absolute. */
	folder: string;
	/** Rebuild and reload when a source changes. */
	watch: boolean;
}

/** Reads the command line; prints the help or what is wrong, and exits in either case. */
export function readOptions(commandLine: string[]): StartOptions {
	return new Command('npm start --')
		.description(
			'Starts a real n8n that has this package, with the workflows of examples/ and credentials for a stand-in service on this machine. Ctrl-C ends all of it.',
		)
		.option('--watch', 'rebuild and reload the package when its sources change', false)
		.option('--port <number>', 'port of n8n', wholeNumber, 5678)
		.option('--service-port <number>', 'port of the stand-in service', wholeNumber, 4010)
		.option(
			'--folder <path>',
			"n8n's user folder, kept between starts; delete it to begin afresh",
			(value) => path.resolve(value),
			path.join(cacheDirectory(), 'start'),
		)
		.parse(commandLine)
		.opts<StartOptions>();
}

function wholeNumber(text: string): number {
	if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is expected');
	return Number(text);
}

/** What the user has to know, now that all runs. */
export function announce(
	{ n8n, service }: Lab,
	examples: ImportedExample[],
	options: StartOptions,
): string {
	return [
		'',
		...moved('n8n', options.port, n8n.url),
		...moved('the service', options.servicePort, service.url),
		`n8n       ${n8n.url}`,
		`  sign in with   ${OWNER.email}`,
		`  password       ${OWNER.password}`,
		...examples.map(({ id, name }) => `  workflow       ${n8n.url}/workflow/${id}  ${name}`),
		`  log            ${n8n.logFile}`,
		`Service   ${service.url}`,
		'  It runs no model. A prompt can ask for a fault, e.g. [[status code=503 times=1]];',
		'  npm run service -- --faults lists them.',
		options.watch ? 'Changes of the sources are built and loaded.' : '',
		'Ctrl-C ends all of it.',
	]
		.filter((line, index) => line !== '' || index === 0)
		.join('\n');
}

function moved(what: string, wanted: number, url: string): string[] {
	const taken = Number(new URL(url).port);
	return wanted === 0 || taken === wanted
		? []
		: [`Port ${wanted} is in use; ${what} takes ${taken}.`];
}

/** Editors write a file in several steps: how long it must be quiet before something is done, in ms. */
const QUIET = 300;

/**
 * Does something after each change of the sources, one at a time; changes meanwhile make it do it again.
 *
 * @param names files and folders in the root
 * @returns ends it
 */
export function watchSources(
	root: string,
	names: readonly string[],
	onChange: () => Promise<void>,
): () => void {
	let timer: NodeJS.Timeout | undefined;
	let working = Promise.resolve();
	// All of a burst of changes is one; what comes during the work waits for its end.
	const changed = () => {
		clearTimeout(timer);
		timer = setTimeout(() => (working = working.then(onChange)), QUIET);
	};
	// A file is watched by way of its folder: editors replace files, which ends a watch on the old one.
	const watchers = [
		watch(root, (_event, name) => {
			if (name !== null && names.includes(name)) changed();
		}),
		...names
			.filter((name) => path.extname(name) === '')
			.map((name) => watch(path.join(root, name), { recursive: true }, changed)),
	];
	return () => {
		clearTimeout(timer);
		watchers.forEach((watcher) => watcher.close());
	};
}

/** Makes n8n reload packages whose files change, and notify open editors. */
export const RELOADING = { N8N_DEV_RELOAD: 'true' };

/** Builds the package again and hands it to the n8n of that folder. Says what fails; n8n keeps the old one then. */
export async function reload(folder: string, onLine: OnLine): Promise<void> {
	const started = Date.now();
	try {
		await unpackOver(await packPackage(folder, onLine), folder);
		const seconds = ((Date.now() - started) / 1000).toFixed(1);
		onLine(`n8n has the new one after ${seconds} s.`);
	} catch (error) {
		onLine((error as Error).message);
	}
}

/** Exit code of a program that was interrupted. */
const STOPPED = 130;
const ROOT = path.resolve(import.meta.dirname, '..');
/** Without it, Safari does not sign in over plain HTTP. */
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

/** Runs until it is interrupted or n8n exits. */
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
