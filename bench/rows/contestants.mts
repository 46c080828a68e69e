import type { Bench } from '../lab/Bench.mts';
import { runWorkflow } from '../lab/runWorkflow.mts';
import { aiChats, PROVIDERS, type ProviderName } from '../workflows/aiChats.mts';
import type { Recipe } from '../workflows/node.mts';
import { runFloor } from './floor.mts';
import type { Contestant, Scale } from './row.mts';

/** How many items AiChats is told to work on at once. */
const PARALLEL: Record<Scale, readonly number[]> = { full: [1, 10, 100], quick: [10, 100] };

/** Part of the items with which a node is warmed up: its first execution loads its code. */
const WARM_UP_PART = 0.1;

/** Our node as contestants are called: `AiChats, Ai-Chats, parallel 10`. */
export function ourName(provider: ProviderName, parallel: number): string {
	const title = PROVIDERS.find(({ name }) => name === provider)?.title;
	return `AiChats, ${title}, parallel ${parallel}`;
}

export function floorName(sockets: number): string {
	return `floor: undici, ${sockets} sockets`;
}

/**
 * Anything that runs in the n8n that stays.
 * @param name of its workflow, which no other recipe has
 * @param title how it is called in the row
 */
export function inN8n(
	bench: Bench,
	name: string,
	recipe: Recipe,
	items: readonly unknown[],
	title = name,
): Contestant {
	const run = async (some: readonly unknown[]) =>
		await runWorkflow(bench, await bench.n8n(), { name, recipe, items: some });
	return {
		name: title,
		warmUp: async () => void (await run(items.slice(0, items.length * WARM_UP_PART))),
		measure: async () => await run(items),
	};
}

/** Both providers of our node, with each number of requests in parallel. */
export function ourChats(bench: Bench, items: readonly string[], scale: Scale): Contestant[] {
	return PROVIDERS.flatMap(({ name: provider }) =>
		PARALLEL[scale].map((parallel) => {
			const recipe = aiChats({ provider, parallel });
			return inN8n(bench, ourName(provider, parallel), recipe, items);
		}),
	);
}

/** The same work without n8n, over so many kept sockets. */
export function floor(items: readonly string[], sockets: number): Contestant {
	return {
		name: floorName(sockets),
		measure: async (bench) => await runFloor(bench, items, sockets),
	};
}
