import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { Random } from '../fuzz/random.mts';
import { model, openAiChat } from './parameters.mts';
import { attempt } from './resuming.mts';
import { bodies } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const FAULTS = [
	...['', '', '', 'status code=503 times=1', 'status code=400 times=1', 'status code=401 times=1'],
	...['status code=402', 'status code=503 model=a', 'status code=404 model=a', 'reset times=1'],
	...['reset-after fragments=2 times=1', 'empty-stream model=a', 'error-200 times=1'],
];
const LIMITS: INodeParameters[] = [{}, {}, { tokens: 300 }, { failedPercent: 30 }];

/** Up to 25 rows of six kinds, each with its fault. The seed tells late requests of a run that stopped apart. */
function planOf(seed: number) {
	const random = new Random(seed);
	const faults = Array.from({ length: 6 }, () => random.pick(FAULTS));
	const items = Array.from({ length: 2 + random.below(24) }, () => {
		const row = random.below(6);
		const fault = faults[row] ?? '';
		return { json: { row, fault: fault === '' ? '' : `[[${fault}]]` } };
	});
	const options = {
		answerRepeatsOnce: random.chance(0.6),
		fallbackModels: random.chance(0.5) ? ['b', 'c'] : [],
		maxRetries: random.below(2),
		maxRetryDelay: 0.01,
		parallelRequests: random.pick([1, 2, 5, 20]),
		warmUp: random.chance(0.2),
	};
	const prompt = `=kite {{ $json.row }} of ${seed} {{ $json.fault }}`;
	const parameters = (limits: INodeParameters, more: INodeParameters = {}) =>
		openAiChat(prompt, { ...model('a'), limits, options: { ...options, ...more } });
	return { items, limits: random.pick(LIMITS), parameters };
}

const seeds = Array.from({ length: 30 }, (_, seed) => seed);

describe('Whatever fails in a run, whatever its options', () => {
	const bench = useBench();
	const answers = (seed: number) =>
		bench().service.requests.filter(
			({ body, usage }) => usage && JSON.stringify(body).includes(` of ${seed} `),
		);

	it.each(seeds)(
		'every row comes out once, as its own, and what it took is told: seed %i',
		async (seed) => {
			const { items, limits, parameters } = planOf(seed);
			const node = { onError: 'continueRegularOutput' as const };
			const run = await attempt(bench(), parameters(limits), { items, node });
			const out = run.items(NODE);
			expect(out.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
			let told = 0;
			out.forEach(({ json }, item) => {
				if ('error' in json) return expect(json).toMatchObject(items[item]!.json);
				expect(json['text']).toContain(`kite ${items[item]!.json.row} of ${seed}`);
				told += (json['usage'] as { totalTokens: number } | undefined)?.totalTokens ?? 0;
				const first = json['repeatOf'] as number | undefined;
				if (first === undefined) return undefined;
				expect(first).toBeLessThan(item);
				expect(items[first]).toEqual(items[item]);
				return expect(out[first]?.json).not.toHaveProperty('repeatOf');
			});
			const took = answers(seed).reduce((sum, { usage }) => sum + (usage?.total_tokens ?? 0), 0);
			expect(told).toBe(took);
		},
	);

	it.each(seeds)('a run that stops and is retried pays for no row twice: seed %i', async (seed) => {
		const { items, parameters } = planOf(seed);
		const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const oneByOne = parameters({}, { parallelRequests: 1 });
		let run = await attempt(bench(), oneByOne, { items, node });
		if (run.error) {
			run = await attempt(bench(), oneByOne, { items, node, run: { retryOf: run.run } });
		}
		const paid = answers(seed).map(({ body }) => JSON.stringify(body));
		const rows = items.map(({ json }) => json.row);
		for (const row of new Set(rows)) {
			const times = paid.filter((body) => body.includes(`kite ${row} of ${seed} `)).length;
			expect(times).toBeLessThanOrEqual(rows.filter((other) => other === row).length);
		}
		if (!run.error) {
			const own = run.items(NODE).filter(({ json }) => !('repeatOf' in json));
			expect(paid).toHaveLength(own.length);
		}
		expect(bodies(bench()).length).toBeGreaterThan(0);
	});
});
