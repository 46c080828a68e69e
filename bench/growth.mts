/**
 * What items cost at 10,000, 30,000 and 100,000 in one run, on n8n's engine: some minutes. Rewrites the figures of
 * docs/scaling.md. Run as `npx tsx bench/growth.mts`; other sizes can be given, and then nothing is rewritten.
 */
import os from 'node:os';
import v8 from 'node:v8';

import { startChild, told, untilEnded } from '../test/scale/child.mts';
import type { Cost } from '../test/scale/long/manyItems.mts';
import { ServiceProcess } from './lab/ServiceProcess.mts';
import { writeSections } from './queue/document.mts';
import { markdown } from './report/table.mts';
import { formatted } from './report/text.mts';

const SIZES = ['10000', '30000', '100000'];
const MEGABYTE = 1024 * 1024;
/** Of one core: what is left goes to the editor, webhooks and the database. */
const SHARE = 0.5;

const sizes = process.argv.slice(2);
const before = os.loadavg()[0] as number;
const service = await ServiceProcess.start();
const parameters = [service.url, ...(sizes.length > 0 ? sizes : SIZES)];
const child = startChild('long/manyItems.mts', parameters, ['--expose-gc']);
const costs = await told<Cost[]>(child);
const code = await untilEnded(child);
await service.close();
const lost = costs.find(({ items, texts }) => items !== texts);
if (code !== 0 || lost !== undefined) throw new Error(`Not all items came out: ${lost?.texts}`);
const text = [about(), table(costs), due(costs)].join('\n\n');
if (sizes.length === 0) await writeSections({ growth: text });
console.log(text);

function about(): string {
	const processor = os.cpus()[0]?.model.trim();
	return [
		`- Date: ${new Date().toISOString().slice(0, 10)}`,
		`- Machine: ${os.cpus().length} × ${processor}, Node.js ${process.versions.node}`,
		`- Load of the machine: ${formatted(before, 1)} before (processes that wanted to run); CPU time depends less on it than time`,
	].join('\n');
}

function table(all: readonly Cost[]): string {
	const head = [
		'items',
		'per item: time (ms)',
		'CPU (ms)',
		'heap held (bytes)',
		'heap left after (bytes)',
	];
	const body = all.map((cost) => [
		formatted(cost.items, 0),
		formatted((cost.seconds * 1000) / cost.items, 2),
		formatted(perItem(cost), 2),
		formatted(cost.heapPerItem, 0),
		formatted(cost.leftPerItem, 0),
		formatted(cost.peakMegabytes, 0),
	]);
	return markdown([[...head, 'peak memory, garbage included (MB)'], ...body]);
}

function perItem({ cpuSeconds, items }: Cost): number {
	return (cpuSeconds * 1000) / items;
}

/** Where one process is full, from the dearest of the runs. */
function due(all: readonly Cost[]): string {
	const most = Math.max(...all.map(perItem));
	const perSecond = (SHARE * 1000) / most;
	const limit = v8.getHeapStatistics().heap_size_limit / MEGABYTE;
	return `At ${formatted(most, 2)} ms of CPU time for an item, half a core is used at

\`\`\`
${SHARE} × 1,000 ms ÷ ${formatted(most, 2)} ms = ${formatted(perSecond, 0)} items per second (${formatted(perSecond * 60, 0)} a minute)
\`\`\`

over all executions together. **Queue mode is due for bulk work beyond that rate**, not beyond a number of items: one n8n
asks a service that answers after 2 s at that rate with ${formatted(perSecond * 2, 0)} requests at once. It is due much
earlier for executions of one item each, which cost n8n more than the item does. V8 allows a process on this machine ${formatted(limit, 0)} MB of heap.`;
}
