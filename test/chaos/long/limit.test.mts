import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { LocalServiceOptions, RecordedRequest } from '../../../dev/service/index.mts';
import { NODE, openBench } from '../../engine/support.mts';
import { countBy, errorKind, sourceOf } from '../accounts.mts';
import { asking, itemsOf } from '../bench.mts';
import { PLANS } from '../plans.mts';
import { promptOf } from '../requests.mts';

const SECOND = 1000;

type ServedUsage = NonNullable<RecordedRequest['usage']>;

function promptsOf(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `kite number ${index}`);
}

/** Runs the prompts against a service of these options. */
async function runLimited(
	service: LocalServiceOptions,
	options: INodeParameters,
	prompts: readonly string[],
	limits: INodeParameters = {},
) {
	const bench = await openBench({ service });
	onTestFinished(async () => await bench.close());
	const parameters = asking('chat', options, {
		provider: 'openAiCompatible',
		simplify: false,
		limits,
	});
	// What is loaded with the first run must not count.
	await bench.run(parameters, itemsOf(['a kite']));
	await new Promise((resolve) => setTimeout(resolve, SECOND));
	bench.service.reset();
	const run = await bench.run(parameters, itemsOf(prompts), { onError: 'continueRegularOutput' });
	const items = run.items(NODE);
	const failed = items.filter(({ json }) => json['error'] !== undefined);
	return { run, items, failed, requests: bench.service.requests };
}

describe.each(['window', 'sliding', 'bucket'] as const)('5 requests/s (%s)', (kind) => {
	it.each([5, 30])('serves 30 items, %i in parallel, and fails none', async (parallelRequests) => {
		const prompts = promptsOf(30);
		const limit = { requests: 5, milliseconds: SECOND, kind };
		const { items, failed, requests } = await runLimited({ limit }, { parallelRequests }, prompts);
		expect(failed).toEqual([]);
		expect(items.map(({ json }) => json['text'])).toEqual(
			prompts.map((prompt) => expect.stringContaining(prompt)),
		);
		const served = requests.filter(({ fault }) => fault === undefined);
		expect(served.map(promptOf).sort()).toEqual([...prompts].sort());
		expect(requests.length).toBeLessThanOrEqual(2.5 * prompts.length + parallelRequests);
	});
});

it('a limit that is told in every answer fails no item, though none is retried', async () => {
	const limit = { requests: 5, milliseconds: 300, headers: ['x-ratelimit' as const] };
	const { failed, requests } = await runLimited({ limit }, { maxRetries: 0 }, promptsOf(20));
	expect(failed).toEqual([]);
	expect(requests.length).toBeLessThanOrEqual(2 * 20);
});

/** In US dollars per million tokens. */
const PRICES = { inputPrice: 0.15, outputPrice: 0.6 };
const PICODOLLARS = 1e12;

/** Without a cost of its own, an answer costs what its tokens do. In whole picodollars, which add up exactly. */
function costOf({ prompt_tokens: input, completion_tokens: output, cost }: ServedUsage): number {
	const { inputPrice, outputPrice } = PRICES;
	return Math.round((cost ?? (input * inputPrice + output * outputPrice) / 1e6) * PICODOLLARS);
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

it('1,000 items at 50 requests/s with 30 % faults: none lost, none failed by the limit, every token and its cost told', async () => {
	// Of every third answer the service tells the cost itself.
	const prompts = promptsOf(1000).map((prompt, row) =>
		row % 3 === 0 ? `${prompt} [[usage input=${row} output=7 cost=0.00${row}7]]` : prompt,
	);
	// An answer with a broken chunk is served, and counted, but refused here.
	const faults = (PLANS[1]?.faults ?? []).filter((fault) => !fault.startsWith('bad-chunk'));
	const chaos = { seed: 7, rate: 0.3, faults };
	const limit = { requests: 50, milliseconds: SECOND };
	const patience = { firstByteTimeout: 1, idleTimeout: 1, parallelRequests: 20 };
	const limited = await runLimited({ chaos, limit }, patience, prompts, PRICES);
	const { run, items, failed, requests } = limited;
	expect(items.map(sourceOf)).toEqual(prompts.map((_, index) => index));
	expect(countBy(failed, errorKind)['http 429']).toBeUndefined();
	const whole = items.filter(({ json }) => json['error'] === undefined);
	for (const item of whole) {
		expect(item.json['text']).toContain(`A picture of kite number ${sourceOf(item)}:`);
	}
	const told = whole.map(({ json }) => json['usage'] as { totalTokens: number; cost: number });
	const served = requests.flatMap(({ usage }) => usage ?? []);
	const tokens = sumOf(served.map((usage) => usage.total_tokens));
	expect(sumOf(told.map(({ totalTokens }) => totalTokens))).toBe(tokens);
	const cost = sumOf(served.map(costOf));
	expect(sumOf(told.map((usage) => Math.round(usage.cost * PICODOLLARS)))).toBe(cost);
	const hints = run.hints(NODE).map(({ message }) => message);
	const [, dollars, shown] =
		/^Cost: \$([\d.]+) for 1,000 items, ([\d,]+) tokens/.exec(hints.join('\n')) ?? [];
	expect(Math.round(Number(dollars) * PICODOLLARS)).toBe(cost);
	expect(Number(shown?.replaceAll(',', ''))).toBe(tokens);
	const refused = requests.filter(({ fault }) => fault === 'limit').length;
	console.log(
		`limit: ${requests.length} requests, ${refused} refused, ${failed.length} failed by faults, ${tokens} tokens for $${dollars}`,
	);
	expect(refused).toBeGreaterThan(0);
	expect(refused).toBeLessThan(0.5 * requests.length);
}, 120_000);
