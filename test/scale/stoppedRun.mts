/**
 * A process that runs slow items until its parent says stop, and tells what then still keeps it alive
 * that did not before. It ends by itself.
 */
import { once } from 'node:events';

import { oneNode } from '../engine/support.mts';
import { engineAt } from './engineAt.mts';

/** In ms: for a busy machine; what is left for good is left for longer. */
const SETTLED_WITHIN = 5000;

const [baseUrl = '', operation = 'chat', directive = '', options = '{}'] = process.argv.slice(2);
const items = Array.from({ length: 200 }, (_, index) => ({
	json: { prompt: `${directive} kite ${index}` },
}));
const parameters = { operation, prompt: '={{ $json.prompt }}', options: JSON.parse(options) };

const engine = await engineAt(baseUrl);
const stopped = once(process, 'message');
const before = process.getActiveResourcesInfo();
const execution = engine.start(oneNode(parameters), { input: items });
await stopped;
execution.cancel();
const { status } = await execution.finished;
const left = await leftAfter(SETTLED_WITHIN);
await engine.close();
process.send?.({ status, left });
process.disconnect();

/** What is left when nothing is, or when the time is over. */
async function leftAfter(milliseconds: number): Promise<string[]> {
	const end = performance.now() + milliseconds;
	for (;;) {
		// Closing sockets takes some turns of the event loop.
		await new Promise((resolve) => setImmediate(resolve));
		const rest = withoutThose(process.getActiveResourcesInfo(), before);
		if (rest.length === 0 || performance.now() > end) return rest;
	}
}

function withoutThose(all: string[], known: string[]): string[] {
	const rest = [...known];
	return all.filter((name) => {
		const index = rest.indexOf(name);
		if (index >= 0) rest.splice(index, 1);
		return index < 0;
	});
}
