/**
 * A process that runs so many items, one run after another, and tells what they cost. Arguments: base URL of a service,
 * then the sizes of the runs. Needs --expose-gc.
 */
import { NODE, oneNode } from '../../engine/support.mts';
import { engineAt } from '../engineAt.mts';

export interface Cost {
	items: number;
	seconds: number;
	/** User and system, of the whole process. */
	cpuSeconds: number;
	/** Of the collected heap, for each item, while the run's result is held. */
	heapPerItem: number;
	/** Of the collected heap, for each item, after the result was let go. */
	leftPerItem: number;
	texts: number;
	/** Most memory of the process until then. */
	peakMegabytes: number;
}

const [baseUrl = '', ...sizes] = process.argv.slice(2);
const parameters = {
	operation: 'chat',
	prompt: '={{ $json.prompt }}',
	options: { parallelRequests: 50 },
};
const engine = await engineAt(baseUrl);
// The first run also pays for what is loaded and compiled.
await measure(1_000);
const costs: Cost[] = [];
for (const size of sizes) costs.push(await measure(Number(size)));
await engine.close();
process.send?.(costs, () => process.disconnect());

async function measure(count: number): Promise<Cost> {
	const before = await collectedHeap();
	const { held, ...figures } = await runAndHold(count);
	const after = await collectedHeap();
	held.clear();
	const later = await collectedHeap();
	return {
		items: count,
		...figures,
		heapPerItem: (after - before) / count,
		leftPerItem: (later - before) / count,
		peakMegabytes: process.resourceUsage().maxRSS / 1024,
	};
}

async function runAndHold(count: number) {
	const input = Array.from({ length: count }, (_, index) => ({
		json: { prompt: `kite ${index}` },
	}));
	const [start, cpu] = [performance.now(), process.cpuUsage()];
	const run = await engine.run(oneNode(parameters), { input });
	const seconds = (performance.now() - start) / 1000;
	const { user, system } = process.cpuUsage(cpu);
	const texts = run
		.items(NODE)
		.filter(({ json }, index) => String(json['text']).includes(`kite ${index}:`)).length;
	return { held: new Set([run]), seconds, cpuSeconds: (user + system) / 1e6, texts };
}

/** After collections with a pause each, in which finalizers run. */
async function collectedHeap(): Promise<number> {
	for (let round = 0; round < 4; round++) {
		global.gc?.();
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return process.memoryUsage().heapUsed;
}
