import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { Command } from 'commander';

import { SERVERS } from '../../dev/servers/index.mts';
import { NotObtainable, type RunningServer, type ServerRecipe } from '../../dev/servers/recipe.mts';
import type { Habit } from '../../dev/servers/tinyModel.mts';
import { agentCheck } from './agentCheck.mts';
import { apiChecks } from './apiChecks.mts';
import { bulkChecks } from './bulkChecks.mts';
import { chatChecks } from './chatChecks.mts';
import { writePage } from './document.mts';
import { fileChecks } from './fileChecks.mts';
import { formatChecks } from './formatChecks.mts';
import { modelChecks } from './modelChecks.mts';
import { type Check, NotServed, type Outcome, type Subject } from './outcome.mts';
import { Place } from './Place.mts';

/** What was found at one server. */
export interface Report {
	label: string;
	version: string;
	seconds: number;
	outcomes: Record<string, Omit<Outcome, 'result'> & { result: Outcome['result'] | 'fault' }>;
	/** Why it was not run. */
	reason?: string;
}

/** In mid-answer a server is killed last. */
const CHECKS: readonly Check[] = [
	...modelChecks,
	agentCheck,
	...chatChecks,
	...formatChecks,
	...fileChecks,
	...apiChecks,
	...bulkChecks,
];

const names = SERVERS.map(({ name }) => name);
const program = new Command('test:servers')
	.description('Tries the nodes with real model servers on this machine, with tiny models.')
	.argument('[names...]', `servers: ${names.join(', ')}`, names)
	.option('--page', 'write what was found into docs/servers.md')
	.option('--without-agent', 'leave out the AI Agent, which needs an installed n8n')
	.parse();

await main(program.args.length === 0 ? names : program.args, program.opts());

async function main(
	wanted: readonly string[],
	options: { page?: boolean; withoutAgent?: boolean },
): Promise<void> {
	const unknown = wanted.filter((name) => !names.includes(name));
	if (unknown.length > 0) throw new Error(`No such server: ${unknown.join(', ')}`);
	const checks = CHECKS.filter((check) => check !== agentCheck || !options.withoutAgent);
	const reports: Report[] = [];
	for (const recipe of SERVERS.filter(({ name }) => wanted.includes(name))) {
		reports.push(await tryServer(recipe, checks));
	}
	if (options.page) {
		await writePage(
			reports,
			checks.map(({ name }) => name),
		);
	}
	const found = reports.flatMap(({ outcomes }) => Object.values(outcomes));
	const count = (result: string) => found.filter((outcome) => outcome.result === result).length;
	console.log(
		`\n${count('works')} work, ${count('refused')} refused by the server, ${count('ignored')} without effect there, ${count('not run')} not run`,
	);
	console.log(`${found.length - count('fault')} passed, ${count('fault')} failed`);
	if (count('fault') > 0) process.exitCode = 1;
}

async function tryServer(recipe: ServerRecipe, checks: readonly Check[]): Promise<Report> {
	const started = performance.now();
	const folder = await mkdtemp(path.join(os.tmpdir(), 'aichats-servers-'));
	const report: Report = { label: recipe.label, version: '', seconds: 0, outcomes: {} };
	console.log(`\n${recipe.label}`);
	try {
		const server = await recipe.start(folder, (line) => console.log(`  ${line}`));
		report.version = server.version;
		await runChecks(server, checks, report);
		await server.close();
	} catch (error) {
		if (!(error instanceof NotObtainable)) throw error;
		report.reason = `${error.message} It needs ${recipe.needs}.`;
		console.log(`  not run: ${report.reason}`);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
	report.seconds = (performance.now() - started) / 1000;
	return report;
}

async function runChecks(
	server: RunningServer,
	checks: readonly Check[],
	report: Report,
): Promise<void> {
	const places = new Map<Habit, Place>();
	const subject: Subject = {
		server,
		async place(habit) {
			const known = places.get(habit);
			if (known !== undefined) return known;
			const endpoint = await server.endpoint(habit);
			if (endpoint === undefined) throw new NotServed('The server cannot serve such a model here');
			const place = await Place.open(endpoint);
			places.set(habit, place);
			return place;
		},
	};
	for (const check of checks) {
		const started = performance.now();
		const outcome = await check.run(subject).catch((error: Error) => ({
			result: error instanceof NotServed ? ('not run' as const) : ('fault' as const),
			note: error.message,
		}));
		report.outcomes[check.name] = outcome;
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		console.log(`  ${outcome.result.padEnd(8)} ${check.name} (${seconds} s) ${outcome.note ?? ''}`);
	}
	for (const place of places.values()) await place.close();
}
