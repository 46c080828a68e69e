import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { limiter, type Limit } from '../dev/service/limiter.mts';
import { Pace } from './Pace.ts';

const NEVER = new AbortController().signal;

beforeEach(() => vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

interface Situation {
	/** How many requests are under way at a time. */
	parallel: number;
	/** What an answer and a refusal take, in ms. */
	latency?: number;
	refusalTime?: number;
	/** By how much longer a request may be on its way, in ms. */
	jitter?: number;
	pace?: Pace;
}

const sleep = async (milliseconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sends so many requests to a service with a limit; @returns when each was served, in ms, and how many were sent */
async function serve(
	count: number,
	limit: Limit,
	{ parallel, latency = 2, refusalTime = 2, jitter = 0, pace = new Pace() }: Situation,
) {
	const take = limiter(limit, () => performance.now());
	const begin = performance.now();
	let seed = 1;
	const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
	const served: number[] = [];
	let [next, sent] = [0, 0];
	const request = async () => {
		for (let isRefused = false; ; isRefused = true) {
			const since = await pace.pass(NEVER, isRefused);
			sent++;
			await sleep(random() * jitter);
			const { wait } = take();
			await sleep(wait > 0 ? refusalTime : latency);
			if (wait > 0) pace.refuse(wait, since);
			else {
				served.push(since - begin);
				return pace.answered(true);
			}
		}
	};
	const worker = async () => {
		while (next++ < count) await request();
	};
	const all = Promise.all(Array.from({ length: parallel }, worker));
	await vi.advanceTimersByTimeAsync(3_600_000);
	await all;
	return { served, sent, last: Math.max(...served) };
}

const SECOND = 1000;
/** For each answer: that a bucket is empty again shows only in a refusal. */
const MAX_REQUESTS = 2.5;
const KINDS = ['window', 'sliding', 'bucket'] as const;
const JITTERS = [0, 5, 20];

describe.each(KINDS)('a limit of 5 requests in a second (%s)', (kind) => {
	const limit = { requests: 5, milliseconds: SECOND, kind };

	test.each([5, 30])('lets 30 requests through in its time, %i in parallel', async (parallel) => {
		for (const jitter of JITTERS) {
			for (const latency of [2, 20, 200]) {
				const { sent, last } = await serve(30, limit, { parallel, latency, jitter });
				// The first five come at once, the others five a second.
				expect(last).toBeGreaterThanOrEqual(5 * SECOND - 1);
				expect(last).toBeLessThanOrEqual(1.15 * 5 * SECOND);
				expect(sent).toBeLessThanOrEqual(MAX_REQUESTS * 30 + parallel);
			}
		}
	});
});

describe.each(KINDS)('other limits (%s)', (kind) => {
	test.each([
		[1, 1000, 40],
		[7, 1000, 60],
		[50, 1000, 1000],
		[60, 60_000, 150],
	])('%i in %i ms', async (requests, milliseconds, count) => {
		const limit = { requests, milliseconds, kind };
		for (const parallel of [5, 30]) {
			const { sent, last } = await serve(count, limit, { parallel });
			const least = ((count - requests) * milliseconds) / requests;
			expect(last).toBeLessThanOrEqual(1.15 * Math.ceil(least / milliseconds) * milliseconds);
			expect(sent).toBeLessThanOrEqual(MAX_REQUESTS * count + parallel);
		}
	});
});

test('without a limit all start at once', async () => {
	const unlimited = { requests: 1000, milliseconds: 1 };
	const { served } = await serve(100, unlimited, { parallel: 100, latency: 5000 });
	expect(served).toEqual(Array(100).fill(0));
});

test('a closed gate lets nobody through before its time, and then one, one, two, four', async () => {
	const pace = new Pace();
	const first = await pace.pass(NEVER);
	pace.refuse(1000, first);
	const begin = performance.now();
	const passed: number[] = [];
	for (let index = 0; index < 9; index++)
		void pace.pass(NEVER).then((time) => passed.push(time - begin));
	await vi.advanceTimersByTimeAsync(2000);
	expect(passed).toEqual([1000, 1010, 1020, 1020, 1030, 1030, 1030, 1030, 1040]);
});

test('who was refused goes first', async () => {
	const pace = new Pace();
	pace.refuse(100, await pace.pass(NEVER));
	const order: string[] = [];
	void pace.pass(NEVER).then(() => order.push('new'));
	void pace.pass(NEVER, true).then(() => order.push('refused'));
	void pace.pass(NEVER, true).then(() => order.push('refused later'));
	await vi.advanceTimersByTimeAsync(1000);
	expect(order).toEqual(['refused', 'refused later', 'new']);
});

test('a clock that is set back holds nobody up', async () => {
	vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'Date'] });
	const pace = new Pace();
	pace.refuse(1000, await pace.pass(NEVER));
	const passed = pace.pass(NEVER);
	vi.setSystemTime(0);
	const begin = performance.now();
	await vi.advanceTimersByTimeAsync(1000);
	expect((await passed) - begin).toBe(1000);
});

test('those who wait are sent away at once when the run stops, and take no place', async () => {
	const pace = new Pace();
	pace.refuse(60_000, await pace.pass(NEVER));
	const stop = new AbortController();
	const leaving = Promise.allSettled(Array.from({ length: 3 }, () => pace.pass(stop.signal)));
	const staying = pace.pass(NEVER);
	await vi.advanceTimersByTimeAsync(500);
	stop.abort();
	expect((await leaving).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
	await expect(pace.pass(stop.signal)).rejects.toMatchObject({ kind: 'aborted' });
	const begin = performance.now();
	await vi.advanceTimersByTimeAsync(60_000);
	expect((await staying) - begin).toBe(59_500);
	expect(vi.getTimerCount()).toBe(0);
});
