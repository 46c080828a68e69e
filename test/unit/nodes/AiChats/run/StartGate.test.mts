import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { StartGate } from '../../../../../nodes/AiChats/run/StartGate.ts';
import { providerErrorOf } from '../../../../support/failure.mts';

const waits: number[] = [];
vi.mock('../../../../../transport/wait.ts', () => ({
	wait: async (milliseconds: number) => void waits.push(milliseconds),
}));

const { signal } = new AbortController();

beforeEach(() => {
	waits.length = 0;
	vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
});
afterEach(() => vi.useRealTimers());

async function passes(gate: StartGate, count: number): Promise<number[]> {
	for (let start = 0; start < count; start++) await gate.pass(signal);
	return waits;
}

test('without limits nobody waits', async () => {
	expect(await passes(new StartGate(0, 0), 5)).toEqual([]);
});

test('starts keep their distance', async () => {
	expect(await passes(new StartGate(100, 0), 4)).toEqual([100, 200, 300]);
});

test('no more start within a minute than wished for', async () => {
	expect(await passes(new StartGate(0, 2), 5)).toEqual([60_000, 60_000, 120_000]);
});

test('both limits hold', async () => {
	expect(await passes(new StartGate(100, 2), 4)).toEqual([100, 60_000, 60_100]);
});

test('time that has passed counts', async () => {
	const gate = new StartGate(100, 0);
	await gate.pass(signal);
	vi.setSystemTime(1_000_060);
	await gate.pass(signal);
	vi.setSystemTime(1_000_500);
	await gate.pass(signal);
	expect(waits).toEqual([40]);
});

test('a run that is stopped lets nobody pass', async () => {
	const error = await providerErrorOf(() => new StartGate(0, 0).pass(AbortSignal.abort()));
	expect(error.kind).toBe('aborted');
});
