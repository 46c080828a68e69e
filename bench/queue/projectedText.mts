import { markdown } from '../report/table.mts';
import { formatted } from '../report/text.mts';
import { medianOf } from '../statistics/spread.mts';
import type { Batch, QueueFigures } from './figures.mts';
import { type Costs, projection, type Setup, workersForLimit } from './projection.mts';

const GIGABYTE = 1_000_000_000;
const SETUPS: Array<Omit<Setup, 'workers'>> = [
	{ concurrency: 5, answerSeconds: 2 },
	{ concurrency: 20, answerSeconds: 10 },
];
const WORKERS = [1, 10, 1_000];
/** Requests per minute that services allow. */
const LIMITS = [20, 500, 5_000, 30_000];

/** What the figures mean for other numbers of workers, as Markdown. */
export function projectedText(figures: QueueFigures): string {
	const costs = costsOf(figures);
	return [projectionTable(costs), 'What a limit of the service leaves:', limitsTable(costs)].join(
		'\n\n',
	);
}

/** The medians of what was measured. */
export function costsOf({ chat, throughput, connections }: QueueFigures): Costs {
	const slow = throughput.find(({ workers, latency }) => workers === 1 && latency > 0);
	const { latency = 0, rounds = [] } = slow ?? {};
	return {
		mainMilliseconds: median(chat, ({ cpu }) => cpu.main),
		workerMilliseconds: median(chat, ({ cpu }) => cpu.workers),
		postgresMilliseconds: median(chat, ({ cpu }) => cpu.postgres),
		overheadMilliseconds: median(rounds, ({ runMilliseconds }) => runMilliseconds) - latency * 1000,
		databaseBytes: median(chat, ({ databaseBytes }) => databaseBytes),
		connections: connections.postgres,
	};
}

function median(batches: readonly Batch[], of: (batch: Batch) => number): number {
	return medianOf(batches.map(of));
}

function projectionTable(costs: Costs): string {
	const head = [
		'workers × concurrency',
		'service’s time (s)',
		'executions per second',
		'receiving processes',
		'cores for PostgreSQL',
		'connections to it',
		'database per day (GB)',
		'requests per minute',
		'10,000 executions take',
	];
	const rows = SETUPS.flatMap((setup) => WORKERS.map((workers) => ({ ...setup, workers })));
	return markdown([head, ...rows.map((setup) => projectionRow(costs, setup))]);
}

function projectionRow(costs: Costs, setup: Setup): string[] {
	const found = projection(costs, setup);
	return [
		`${formatted(setup.workers, 0)} × ${setup.concurrency}`,
		String(setup.answerSeconds),
		formatted(found.perSecond, 1),
		formatted(found.receivers, 0),
		formatted(found.postgresCores, 1),
		formatted(found.postgresConnections, 0),
		formatted(found.databaseBytesPerDay / GIGABYTE, 1),
		formatted(found.requestsPerMinute, 0),
		duration(10_000 / found.perSecond),
	];
}

function duration(seconds: number): string {
	const minutes = seconds / 60;
	if (minutes >= 90) return `${formatted(minutes / 60, 1)} hours`;
	return minutes >= 1.5 ? `${formatted(minutes, 0)} minutes` : `${formatted(seconds, 0)} seconds`;
}

function limitsTable(costs: Costs): string {
	const head = ['requests per minute', 'executions per second'];
	const titles = SETUPS.map(
		({ concurrency, answerSeconds }) =>
			`workers of ${concurrency} at ${answerSeconds} s that use it up`,
	);
	const rows = LIMITS.map((limit) => [
		formatted(limit, 0),
		formatted(limit / 60, 1),
		...SETUPS.map((setup) => formatted(workersForLimit(costs, limit, setup), 0)),
	]);
	return markdown([[...head, ...titles], ...rows]);
}
