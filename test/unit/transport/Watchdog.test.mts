import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Watchdog } from '../../../transport/Watchdog.ts';
import { ManualClock } from '../../support/manualClock.mts';

let clock: ManualClock;

beforeEach(() => {
	clock = new ManualClock();
});

afterEach(() => {
	vi.restoreAllMocks();
});

function watching(limit: number) {
	const bark = vi.fn<() => void>();
	return { bark, watchdog: new Watchdog(limit, bark) };
}

test('barks once, when the limit has passed', () => {
	const { bark } = watching(100);
	clock.pass(99);
	expect(bark).not.toHaveBeenCalled();
	clock.pass(1);
	expect(bark).toHaveBeenCalledOnce();
	clock.pass(1000);
	expect(bark).toHaveBeenCalledOnce();
});

test('fed, it waits the whole limit again', () => {
	const { bark, watchdog } = watching(100);
	clock.pass(60);
	watchdog.feed();
	clock.pass(99);
	expect(bark).not.toHaveBeenCalled();
	clock.pass(1);
	expect(bark).toHaveBeenCalledOnce();
});

test('however often it is fed, one timer runs', () => {
	const { bark, watchdog } = watching(100);
	for (let step = 0; step < 1000; step++) {
		clock.pass(10);
		watchdog.feed();
		expect(clock.running).toBe(1);
	}
	expect(bark).not.toHaveBeenCalled();
});

test('ended, it never barks', () => {
	const { bark, watchdog } = watching(100);
	clock.pass(60);
	watchdog.feed();
	clock.pass(60);
	watchdog.end();
	clock.pass(1000);
	expect(bark).not.toHaveBeenCalled();
	expect(clock.running).toBe(0);
});
