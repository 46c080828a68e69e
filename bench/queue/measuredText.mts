import { markdown } from '../report/table.mts';
import { formatted, spreadText } from '../report/text.mts';
import { medianOf, spreadOf } from '../statistics/spread.mts';
import type { Batch, Cpu, Memory, QueueFigures } from './figures.mts';

const MEGABYTE = 1024 * 1024;
const PARTS: Record<keyof Cpu, string> = {
	main: 'main process',
	workers: 'worker',
	postgres: 'PostgreSQL',
	redis: 'Redis',
};

/** What was measured, as Markdown. */
export function measuredText(figures: QueueFigures): string {
	const { alone, connections, image, chat } = figures;
	const ratio = formatted(image.stored / image.bytes, 2);
	const size = formatted(image.bytes / 1000, 0);
	const kilobytes = formatted(medianOf(chat.map((batch) => batch.databaseBytes)) / 1000, 1);
	return [
		'Chat executions, started as fast as n8n takes them:',
		throughputTable(figures),
		'CPU time that each part spends on one execution, and on one fragment that is streamed through a webhook:',
		costsTable(figures),
		`An execution alone: the webhook has answered after ${formatted(alone.answer, 0)} ms, the execution has ended after ${formatted(alone.end, 0)} ms.`,
		'Webhooks that come all at once, with one worker; n8n answers the others with status 500:',
		burstsTable(figures),
		'Resident memory:',
		memoryTable(figures.memory),
		`Database: ${kilobytes} kB for a Chat execution; for an image of ${size} kB, ${ratio} times its size. Connections of each n8n process under load: ${formatted(connections.postgres, 1)} to PostgreSQL, ${formatted(connections.redis, 1)} to Redis.`,
	].join('\n\n');
}

function throughputTable({ throughput }: QueueFigures): string {
	const rows = throughput.map(({ workers, concurrency, latency, rounds }) => [
		`${workers} × ${concurrency}`,
		latency === 0 ? 'at once' : `after ${latency} s`,
		spreadText(spreadOf(rounds.map(({ perSecond }) => perSecond)), 1),
		latency === 0 ? '' : formatted((workers * concurrency) / latency, 1),
	]);
	const head = ['workers × concurrency', 'service answers', 'executions per second'];
	return markdown([[...head, 'slots ÷ service’s time'], ...rows]);
}

function costsTable({ nothing, chat, fragment }: QueueFigures): string {
	const rows = (Object.keys(PARTS) as Array<keyof Cpu>).map((part) => [
		PARTS[part],
		...[nothing, chat].map((batches) => spreadText(spreadOf(cpuOf(batches, part)), 1)),
		formatted(fragment[part], 2),
	]);
	const head = ['', 'Webhook alone (ms)', 'Webhook and Chat (ms)', 'fragment (ms)'];
	return markdown([head, ...rows]);
}

function cpuOf(batches: readonly Batch[], part: keyof Cpu): number[] {
	return batches.map(({ cpu }) => cpu[part]);
}

function burstsTable({ bursts }: QueueFigures): string {
	const rows = bursts.map(({ patience, sent, taken }) => [
		`${patience} s`,
		formatted(sent, 0),
		formatted(taken, 0),
	]);
	return markdown([['n8n waits for its database', 'sent', 'taken'], ...rows]);
}

function memoryTable(memory: readonly Memory[]): string {
	const rows = memory.map(({ what, idle, peak }) => [
		what,
		formatted(idle / MEGABYTE, 0),
		peak === undefined ? '' : formatted(peak / MEGABYTE, 0),
	]);
	return markdown([['', 'before (MB)', 'peak (MB)'], ...rows]);
}
