import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { StartGate } from '../../nodes/AiChats/pool.ts';

const MINUTE = 60_000;
const NEVER = new AbortController().signal;

beforeEach(() => vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** When, in ms from now, each of so many that ask together may start. */
async function startsOf(gate: StartGate, count: number, within: number): Promise<number[]> {
	const begin = performance.now();
	const starts: number[] = [];
	for (let index = 0; index < count; index++) {
		void gate.pass(NEVER).then(() => starts.push(performance.now() - begin));
	}
	await vi.advanceTimersByTimeAsync(within);
	return starts;
}

it('lets all through at once without limits', async () => {
	expect(await startsOf(new StartGate(0, 0), 5, 0)).toEqual([0, 0, 0, 0, 0]);
});

it('keeps the delay between any two', async () => {
	expect(await startsOf(new StartGate(250, 0), 4, 1000)).toEqual([0, 250, 500, 750]);
});

it('starts so many within any minute, not more', async () => {
	const starts = await startsOf(new StartGate(0, 3), 8, 3 * MINUTE);
	expect(starts).toEqual([0, 0, 0, MINUTE, MINUTE, MINUTE, 2 * MINUTE, 2 * MINUTE]);
});

it('counts any sixty seconds, not minutes of the clock', async () => {
	const gate = new StartGate(20_000, 2);
	const starts = await startsOf(gate, 5, 3 * MINUTE);
	expect(starts).toEqual([0, 20_000, MINUTE, 80_000, 2 * MINUTE]);
});

it('a limit of one a minute spaces every start', async () => {
	expect(await startsOf(new StartGate(0, 1), 3, 2 * MINUTE)).toEqual([0, MINUTE, 2 * MINUTE]);
});

it('one who comes late does not wait for time that has passed', async () => {
	const gate = new StartGate(100, 0);
	await startsOf(gate, 1, 5000);
	expect(await startsOf(gate, 2, 100)).toEqual([0, 100]);
});

it('those who wait are sent away when the run stops', async () => {
	const controller = new AbortController();
	const gate = new StartGate(0, 1);
	await gate.pass(controller.signal);
	const waiting = expect(gate.pass(controller.signal)).rejects.toMatchObject({ kind: 'aborted' });
	await vi.advanceTimersByTimeAsync(500);
	controller.abort();
	await waiting;
	await expect(gate.pass(controller.signal)).rejects.toMatchObject({ kind: 'aborted' });
});
