/** A process that runs 1,000 and then 10,000 items, and tells what they cost. Needs --expose-gc. */
import { NODE, oneNode } from '../../engine/support.mts';
import { engineAt } from '../engineAt.mts';

export interface Cost {
	items: number;
	seconds: number;
	/** Of the collected heap, for each item, while the run's result is held. */
	heapPerItem: number;
	/** Of the collected heap, for each item, after the result was let go. */
	leftPerItem: number;
	texts: number;
	/** Most memory of the process until then. */
	peakMegabytes: number;
}

const [baseUrl = ''] = process.argv.slice(2);
const parameters = {
	operation: 'chat',
	prompt: '={{ $json.prompt }}',
	options: { parallelRequests: 50 },
};
const engine = await engineAt(baseUrl);
// The first run also pays for what is loaded and compiled.
await measure(1_000);
const costs = [await measure(1_000), await measure(10_000)];
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
	const start = performance.now();
	const run = await engine.run(oneNode(parameters), { input });
	const seconds = (performance.now() - start) / 1000;
	const texts = run
		.items(NODE)
		.filter(({ json }, index) => String(json['text']).includes(`kite ${index}:`)).length;
	return { held: new Set([run]), seconds, texts };
}

/** After collections with a pause each, in which finalizers run. */
async function collectedHeap(): Promise<number> {
	for (let round = 0; round < 4; round++) {
		global.gc?.();
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return process.memoryUsage().heapUsed;
}
