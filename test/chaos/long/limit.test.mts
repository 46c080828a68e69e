import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { LocalServiceOptions } from '../../../dev/service/index.mts';
import { NODE, openBench } from '../../engine/support.mts';
import { countBy, errorKind, sourceOf } from '../accounts.mts';
import { asking, itemsOf } from '../bench.mts';
import { PLANS } from '../plans.mts';
import { promptOf } from '../requests.mts';

const SECOND = 1000;

function promptsOf(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `kite number ${index}`);
}

/** Runs the prompts against a service of these options. */
async function runLimited(
	service: LocalServiceOptions,
	options: INodeParameters,
	prompts: readonly string[],
) {
	const bench = await openBench({ service });
	onTestFinished(async () => await bench.close());
	const parameters = asking('chat', options, { provider: 'openAiCompatible', simplify: false });
	// What is loaded with the first run must not count.
	await bench.run(parameters, itemsOf(['a kite']));
	await new Promise((resolve) => setTimeout(resolve, SECOND));
	bench.service.reset();
	const run = await bench.run(parameters, itemsOf(prompts), { onError: 'continueRegularOutput' });
	const items = run.items(NODE);
	const failed = items.filter(({ json }) => json['error'] !== undefined);
	return { items, failed, requests: bench.service.requests };
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

it('1,000 items at 50 requests/s with 30 % faults: none lost, none failed by the limit, every token told', async () => {
	const prompts = promptsOf(1000);
	// An answer with a broken chunk is served, and counted, but refused here.
	const faults = (PLANS[1]?.faults ?? []).filter((fault) => !fault.startsWith('bad-chunk'));
	const chaos = { seed: 7, rate: 0.3, faults };
	const limit = { requests: 50, milliseconds: SECOND };
	const patience = { firstByteTimeout: 1, idleTimeout: 1, parallelRequests: 20 };
	const { items, failed, requests } = await runLimited({ chaos, limit }, patience, prompts);
	expect(items.map(sourceOf)).toEqual(prompts.map((_, index) => index));
	expect(countBy(failed, errorKind)['http 429']).toBeUndefined();
	const whole = items.filter(({ json }) => json['error'] === undefined);
	for (const item of whole) {
		expect(item.json['text']).toContain(`A picture of kite number ${sourceOf(item)}:`);
	}
	const told = whole.map(({ json }) => (json['usage'] as { totalTokens: number }).totalTokens);
	const sum = (tokens: readonly number[]) => tokens.reduce((all, one) => all + one, 0);
	expect(sum(told)).toBe(sum(requests.map(({ tokens = 0 }) => tokens)));
	const refused = requests.filter(({ fault }) => fault === 'limit').length;
	console.log(
		`limit: ${requests.length} requests, ${refused} refused, ${failed.length} failed by faults`,
	);
	expect(refused).toBeGreaterThan(0);
	expect(refused).toBeLessThan(0.5 * requests.length);
}, 120_000);
