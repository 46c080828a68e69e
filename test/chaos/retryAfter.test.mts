import { describe, expect, it } from 'vitest';

import { NODE } from '../engine/support.mts';
import { detailsOf } from './accounts.mts';
import { askOne } from './ask.mts';
import { asking, itemsOf, sharedBench } from './bench.mts';
import { gaps } from './requests.mts';

const bench = sharedBench();
const ask = async (prompt: string, options = {}) =>
	await askOne(bench(), asking('chat', options), prompt);

/** Clocks count in whole ms, and a timer may fire within the last one. */
const CLOCK = 2;

describe('a wait that the service asks for', () => {
	it.each([
		['retry-after=1', 1000],
		['retry-after-ms=300', 300],
		['retry-after-ms=200 retry-after=30', 200],
	])('is kept: %s', async (headers, wait) => {
		const { item } = await ask(`[[status code=429 ${headers} times=1]] a kite`);
		expect(item.json['text']).toContain('a kite');
		const [gap = 0, ...others] = gaps(bench().service.requests);
		expect(gap).toBeGreaterThanOrEqual(wait - CLOCK);
		expect(others).toEqual([]);
	});

	it('is kept as an HTTP date', async () => {
		// Whole seconds: a date two seconds ahead is between one and two away.
		const date = new Date(Date.now() + 2000).toUTCString();
		await ask(`[[status code=503 retry-after="${date}" times=1]] a kite`);
		const [, second] = bench().service.requests;
		expect(second?.startedAt).toBeGreaterThanOrEqual(Date.parse(date) - CLOCK);
	});

	it('is not longer than a date that has passed', async () => {
		const date = new Date(0).toUTCString();
		const { item } = await ask(`[[status code=503 retry-after="${date}" times=1]] a kite`);
		expect(item.json['text']).toContain('a kite');
	});

	it.each(['retry-after=2', 'retry-after-ms=1001'])(
		'fails the item at once when it is longer than the longest: %s',
		async (headers) => {
			const { item } = await ask(`[[status code=429 ${headers}]] a kite`, { maxRetryDelay: 1 });
			expect(detailsOf(item)).toMatchObject({ kind: 'http', status: 429, attempts: 1 });
			expect(bench().service.requests).toHaveLength(1);
		},
	);
});

describe('items that meet one limit together', () => {
	it('do not come back in the same instant', async () => {
		const prompts = Array.from({ length: 20 }, (_, index) => `kite ${index}`).map(
			(prompt) => `[[status code=429 retry-after-ms=200 times=1]] ${prompt}`,
		);
		const parameters = asking('chat', { parallelRequests: 20 });
		const run = await bench().run(parameters, itemsOf(prompts));
		expect(run.items(NODE)).toHaveLength(20);
		const [firsts, seconds] = [
			bench().service.requests.slice(0, 20),
			bench().service.requests.slice(20),
		];
		const starts = seconds.map(({ startedAt }) => startedAt);
		const spread = Math.max(...starts) - Math.min(...starts);
		const earliest = Math.min(...firsts.map(({ startedAt }) => startedAt));
		expect(Math.min(...starts)).toBeGreaterThanOrEqual(earliest + 200 - CLOCK);
		expect(spread).toBeGreaterThan(0);
		console.log(`20 items after one limit of 200 ms came back over ${spread} ms`);
	});

	it('come back apart without a time asked for, too', async () => {
		const prompts = Array.from(
			{ length: 20 },
			(_, index) => `[[status code=503 times=1]] kite ${index}`,
		);
		await bench().run(asking('chat', { parallelRequests: 20 }), itemsOf(prompts));
		const starts = new Set(
			bench()
				.service.requests.slice(20)
				.map(({ startedAt }) => startedAt),
		);
		expect(starts.size).toBeGreaterThan(5);
	});
});
