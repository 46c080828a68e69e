import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ProviderError } from '../providers/errors.ts';
import { providerErrorOf } from '../test/support/failure.mts';
import { LinkedController, unlessAborted, wait } from './signals.ts';

test('it fires with the other signal, for the same reason', () => {
	const parent = new AbortController();
	const { signal } = new LinkedController(parent.signal);
	expect(signal.aborted).toBe(false);
	const reason = new Error('stopped');
	parent.abort(reason);
	expect(signal.reason).toBe(reason);
});

test('it has fired where the other signal has', () => {
	const reason = new Error('stopped');
	expect(new LinkedController(AbortSignal.abort(reason)).signal.reason).toBe(reason);
});

test('it fires by itself and leaves the other signal alone', () => {
	const parent = new AbortController();
	const own = new LinkedController(parent.signal);
	own.abort('enough');
	expect(own.signal.reason).toBe('enough');
	expect(parent.signal.aborted).toBe(false);
	expect(new LinkedController(undefined).signal.aborted).toBe(false);
});

test.each([
	['released', (own: LinkedController) => own.release()],
	['aborted', (own: LinkedController) => own.abort()],
])('when it was %s the other signal holds on to nothing', (_how, end) => {
	const parent = new AbortController();
	const own = new LinkedController(parent.signal);
	expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1);
	end(own);
	expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0);
});

test('after its release it no longer follows', () => {
	const parent = new AbortController();
	const own = new LinkedController(parent.signal);
	own.release();
	parent.abort();
	expect(own.signal.aborted).toBe(false);
});

beforeEach(() => {
	vi.useFakeTimers();
});

afterEach(() => {
	vi.useRealTimers();
});

function waiting(milliseconds: number) {
	const controller = new AbortController();
	const over = vi.fn<() => void>();
	const waited = wait(milliseconds, controller.signal).finally(over);
	return { controller, over, waited };
}

test('waits as long as it should', async () => {
	const { over, waited, controller } = waiting(1234);
	await vi.advanceTimersByTimeAsync(1233);
	expect(over).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(1);
	expect(over).toHaveBeenCalledOnce();
	await waited;
	expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('no time is no wait', async () => {
	const { waited } = waiting(0);
	await expect(waited).resolves.toBeUndefined();
	expect(vi.getTimerCount()).toBe(0);
});

test('stopping ends it at once, and leaves hardly a timer behind', async () => {
	const { controller, waited } = waiting(60_000);
	const failure = providerErrorOf(() => waited);
	await vi.advanceTimersByTimeAsync(10_010);
	controller.abort();
	expect((await failure).kind).toBe('aborted');
	expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
	await vi.advanceTimersByTimeAsync(50);
	expect(vi.getTimerCount()).toBe(0);
});

test('stopped with an error of ours, that is the one thrown', async () => {
	const { controller, waited } = waiting(60_000);
	const failure = providerErrorOf(() => waited);
	const timeout = new ProviderError('timeout', 'Too long');
	controller.abort(timeout);
	expect(await failure).toBe(timeout);
});

test('stopped before it begins, it does not begin', async () => {
	const error = await providerErrorOf(() => wait(60_000, AbortSignal.abort()));
	expect(error.kind).toBe('aborted');
	expect(vi.getTimerCount()).toBe(0);
});

test('work that ends before the signal fires keeps its outcome', async () => {
	const { signal } = new AbortController();
	expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
	expect(await unlessAborted(7, signal)).toBe(7);
	const broken = new Error('broken');
	await expect(unlessAborted(Promise.reject(broken), signal)).rejects.toBe(broken);
});

test('the signal ends the wait for work that hangs, and for a failure of it later nobody listens', async () => {
	const controller = new AbortController();
	const hanging = Promise.withResolvers<void>();
	const waiting = unlessAborted(hanging.promise, controller.signal);
	controller.abort();
	await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
	await expect(unlessAborted(Promise.resolve(7), controller.signal)).rejects.toThrow();
	// An unhandled rejection would fail the test run.
	hanging.reject(new Error('late'));
});
