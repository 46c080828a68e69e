import { beforeAll, expect, it } from 'vitest';

import { NODE } from '../engine/support.mts';
import { sourceOf } from './accounts.mts';
import { asking, itemsOf, sharedBench } from './bench.mts';
import { promptOf } from './requests.mts';

const bench = sharedBench();
// What is loaded with the first run must not count in those that are timed.
beforeAll(async () => void (await bench().run(asking('chat'), itemsOf(['a kite']))));

function prompts(count: number, directive = ''): string[] {
	return Array.from({ length: count }, (_, index) => `${directive} kite ${index}`.trim());
}

it('keeps the delay between starts, in the order of the items', async () => {
	const parameters = asking('chat', { delayBetweenRequests: 60, parallelRequests: 10 });
	await bench().run(parameters, itemsOf(prompts(12)));
	const { requests } = bench().service;
	expect(requests.map(promptOf)).toEqual(prompts(12));
	// The first may come late and the last early by what they take on their way: at most one delay.
	const [first, last] = [requests[0], requests.at(-1)];
	expect((last?.startedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThanOrEqual(10 * 60);
});

it('starts no more within a minute than is allowed', async () => {
	const execution = bench().start(
		asking('chat', { requestsPerMinute: 4, parallelRequests: 10 }),
		itemsOf(prompts(9)),
	);
	const { service } = bench();
	const answered = () => service.requests.filter(({ finished }) => finished === 'whole').length;
	await expect.poll(answered).toBe(4);
	execution.cancel();
	expect((await execution.finished).status).toBe('canceled');
	expect(service.requests.map(promptOf).sort()).toEqual(prompts(4));
});

it('works on 100 items ten at a time, never fewer while items are left, in their order', async () => {
	const asked = prompts(100, '[[latency ms=200]]');
	const run = await bench().run(asking('chat', { parallelRequests: 10 }), itemsOf(asked));
	expect(run.items(NODE).map(sourceOf)).toEqual(asked.map((_, index) => index));
	const { requests } = bench().service;
	expect(requests.map(promptOf)).toEqual(asked);
	expect(bench().service.statistics().mostInFlight).toBe(10);
});

it('a slow item holds up only its own slot, and keeps its place', async () => {
	const items = ['[[latency ms=3000]] kite 0', ...prompts(30, '[[latency ms=20]]')];
	const run = await bench().run(asking('chat', { parallelRequests: 2 }), itemsOf(items));
	expect(run.items(NODE).map(sourceOf)).toEqual(items.map((_, index) => index));
	const [slow, ...others] = bench().service.requests;
	const started = others.filter(({ startedAt }) => startedAt < (slow?.endedAt ?? 0));
	expect(started.length).toBeGreaterThan(5);
	expect(run.items(NODE)[0]?.json['text']).toContain('A picture of kite 0');
});

it('works on one item after the other where only one is allowed', async () => {
	await bench().run(asking('chat', { parallelRequests: 1 }), itemsOf(prompts(10)));
	expect(bench().service.statistics().mostInFlight).toBe(1);
});
