import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { type Pace, runPool as runPoolAt, StartGate } from './pool.ts';

const waits: number[] = [];
const noted = async (milliseconds: number) => void waits.push(milliseconds);

function gateOf(delay: number, perMinute: number): StartGate {
	return new StartGate(delay, perMinute, noted);
}

const { signal } = new AbortController();

describe('the gate', () => {
	beforeEach(() => {
		waits.length = 0;
		vi.useFakeTimers({ toFake: ['performance'] });
	});
	afterEach(() => vi.useRealTimers());

	async function passes(gate: StartGate, count: number): Promise<number[]> {
		for (let start = 0; start < count; start++) await gate.pass(signal);
		return waits;
	}

	test('without limits nobody waits', async () => {
		expect(await passes(gateOf(0, 0), 5)).toEqual([]);
	});

	test('starts keep their distance', async () => {
		expect(await passes(gateOf(100, 0), 4)).toEqual([100, 200, 300]);
	});

	test('no more start within a minute than requested', async () => {
		expect(await passes(gateOf(0, 2), 5)).toEqual([60_000, 60_000, 120_000]);
	});

	test('both limits hold', async () => {
		expect(await passes(gateOf(100, 2), 4)).toEqual([100, 60_000, 60_100]);
	});

	test('time that has passed counts', async () => {
		const gate = gateOf(100, 0);
		await gate.pass(signal);
		vi.advanceTimersByTime(60);
		await gate.pass(signal);
		vi.advanceTimersByTime(440);
		await gate.pass(signal);
		expect(waits).toEqual([40]);
	});

	test('a clock that is set back delays nobody', async () => {
		vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_000_000 });
		const gate = gateOf(100, 0);
		await gate.pass(signal);
		vi.setSystemTime(0);
		await gate.pass(signal);
		expect(waits).toEqual([100]);
	});

	test('a run that is stopped lets nobody pass', async () => {
		const error = await providerErrorOf(() => gateOf(0, 0).pass(AbortSignal.abort()));
		expect(error.kind).toBe('aborted');
	});
});

const { signal: NEVER } = new AbortController();

function runPool(count: number, limit: number, work: (index: number) => Promise<void>) {
	const pace: Pace = { limit, signal: NEVER };
	return runPoolAt(count, pace, work);
}

/** Work that ends when the test says so. */
function controlled(count: number) {
	const started: number[] = [];
	const gates = Array.from({ length: count }, () => Promise.withResolvers<void>());
	const work = async (index: number) => {
		started.push(index);
		await gates[index]!.promise;
	};
	return { started, gates, work };
}

/** Lets everything run that waits for nothing but promises that are settled. */
async function settle(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test('starts in order, up to the limit', async () => {
	const { started, gates, work } = controlled(5);
	const pool = runPool(5, 3, work);
	await settle();
	expect(started).toEqual([0, 1, 2]);
	gates.forEach(({ resolve }) => resolve());
	await pool;
	expect(started).toEqual([0, 1, 2, 3, 4]);
});

test('a slow one holds up only its own slot', async () => {
	const { started, gates, work } = controlled(6);
	const pool = runPool(6, 2, work);
	for (const index of [1, 2, 3, 4, 5]) {
		await settle();
		gates[index]!.resolve();
	}
	await settle();
	expect(started).toEqual([0, 1, 2, 3, 4, 5]);
	gates[0]!.resolve();
	await pool;
});

test('ends only when all have ended', async () => {
	const { gates, work } = controlled(2);
	let ended = false;
	const pool = runPool(2, 2, work).then(() => (ended = true));
	gates[1]!.resolve();
	await settle();
	expect(ended).toBe(false);
	gates[0]!.resolve();
	await pool;
	expect(ended).toBe(true);
});

test('nothing to do is done at once', async () => {
	await expect(runPool(0, 3, () => Promise.reject(new Error('x')))).resolves.toBeUndefined();
});

describe('a failure', () => {
	test('starts nothing further, and is thrown after the others have ended', async () => {
		const { started, gates, work } = controlled(5);
		const failure = new Error('first');
		let thrown: unknown;
		const pool = runPool(5, 2, work).catch((error: unknown) => (thrown = error));
		await settle();
		gates[1]!.reject(failure);
		await settle();
		expect(thrown).toBeUndefined();
		gates[0]!.resolve();
		await pool;
		expect(thrown).toBe(failure);
		expect(started).toEqual([0, 1]);
	});

	test('that comes later is not the one thrown', async () => {
		const { gates, work } = controlled(3);
		const pool = runPool(3, 3, work);
		const outcome = expect(pool).rejects.toThrow('first');
		await settle();
		gates[2]!.reject(new Error('first'));
		await settle();
		gates[0]!.reject(new Error('second'));
		gates[1]!.resolve();
		await outcome;
	});

	test('may be anything, also nothing', async () => {
		await expect(runPool(1, 1, () => Promise.reject(undefined))).rejects.toBeUndefined();
	});
});

test('every index runs once and never more than the limit at a time', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), check),
	);
	async function check(turns: number[], limit: number): Promise<void> {
		const seen: number[] = [];
		let running = 0;
		let most = 0;
		await runPool(turns.length, limit, async (index) => {
			seen.push(index);
			most = Math.max(most, ++running);
			for (let turn = 0; turn < turns[index]!; turn++) await Promise.resolve();
			running--;
		});
		expect(seen).toEqual(turns.map((_, index) => index));
		expect(most).toBeLessThanOrEqual(limit);
	}
});

describe('a pool that is stopped', () => {
	test('starts nothing more', async () => {
		const controller = new AbortController();
		const started: number[] = [];
		const pool = runPoolAt(5, { limit: 1, signal: controller.signal }, async (index) => {
			started.push(index);
			if (index === 1) controller.abort();
		});
		await expect(pool).rejects.toMatchObject({ kind: 'aborted' });
		expect(started).toEqual([0, 1]);
	});

	test('by a failure throws that failure, not that others were stopped', async () => {
		const controller = new AbortController();
		const pool = runPoolAt(2, { limit: 2, signal: controller.signal }, async () => {
			controller.abort();
			throw new Error('the reason');
		});
		await expect(pool).rejects.toThrow('the reason');
	});
});
