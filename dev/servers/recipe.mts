import { setTimeout as delay } from 'node:timers/promises';

import { BackgroundProcess, type ProcessOptions } from '../n8n/processes.mts';
import { freePort } from '../n8n/processes.mts';
import type { Habit } from './tinyModel.mts';

/** A model that a server serves, as a user would enter it in the credential and the node. */
export interface Endpoint {
	baseUrl: string;
	/** Empty where the server knows no keys. */
	apiKey: string;
	model: string;
	/** How many answers the server is generating; undefined where it does not report that. */
	busy?(): Promise<number>;
	/** Ends the server at once, in the middle of whatever it does. */
	kill(): void;
}

/** A server that runs on loopback. */
export interface RunningServer {
	version: string;
	/** The endpoint of a model with this habit; undefined where the server cannot serve one. */
	endpoint(habit: Habit): Promise<Endpoint | undefined>;
	close(): Promise<void>;
}

/** A program that serves one model. */
export interface StartedServer {
	endpoint: Endpoint;
	stop(): Promise<void>;
}

/** For servers that serve one model: one of them for each habit, started when it is first asked for. */
export function onePerHabit(
	version: string,
	start: (habit: Habit) => Promise<StartedServer>,
): RunningServer {
	const started = new Map<Habit, Promise<StartedServer>>();
	return {
		version,
		async endpoint(habit) {
			const server = started.get(habit) ?? start(habit);
			started.set(habit, server);
			return (await server).endpoint;
		},
		async close() {
			const servers = await Promise.allSettled(started.values());
			await Promise.all(
				servers.map(async (server) => server.status === 'fulfilled' && (await server.value.stop())),
			);
		},
	};
}

/** A program in front of another server, as one: it passes the model on. */
export function inFrontOf(
	upstream: StartedServer,
	process: BackgroundProcess,
	address: Pick<Endpoint, 'baseUrl' | 'apiKey'>,
): StartedServer {
	return {
		endpoint: { ...upstream.endpoint, ...address, kill: () => process.kill() },
		async stop() {
			await process.stop();
			await upstream.stop();
		},
	};
}

/** How a server is obtained and started. */
export interface ServerRecipe {
	/** As the command line and the page call it. */
	name: string;
	label: string;
	/** What the machine must have, e.g. `Debian's packages` */
	needs: string;
	/**
	 * Obtains the server (on first use, into the cache folder) and starts it.
	 * @param folder for models, logs and whatever else the run leaves behind
	 * @throws Error when it cannot be obtained here: it is reported as not run
	 */
	start(folder: string, onLine: (line: string) => void): Promise<RunningServer>;
}

/** Something that a check may find missing on this machine. */
export class NotObtainable extends Error {}

/** Starts a program on a free port of loopback and waits until an address of it answers. */
export async function startOnPort(
	options: Omit<ProcessOptions, 'parameters' | 'environment'> & {
		parameters: (port: number) => string[];
		environment?: (port: number) => NodeJS.ProcessEnv;
		/** Writes what the program reads at its start. */
		prepare?: (port: number) => Promise<void>;
		/** Path that answers with a success when it is ready. */
		health: string;
		/** In ms. */
		patience?: number;
	},
): Promise<{ process: BackgroundProcess; url: string }> {
	const { health, patience = 60_000, parameters, environment, prepare, ...rest } = options;
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	await prepare?.(port);
	const running = new BackgroundProcess({
		...rest,
		parameters: parameters(port),
		environment: { ...process.env, ...environment?.(port) },
	});
	await running.ready(async () => await answers(url + health), patience);
	return { process: running, url };
}

async function answers(url: string): Promise<boolean> {
	return await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
		({ ok }) => ok,
		() => false,
	);
}

/** Waits until a condition holds. @returns whether it did within `patience` ms */
export async function eventually(
	condition: () => Promise<boolean>,
	patience: number,
): Promise<boolean> {
	const deadline = Date.now() + patience;
	while (!(await condition())) {
		if (Date.now() > deadline) return false;
		await delay(50);
	}
	return true;
}
