import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { type TimeLimits, Watchdog } from '../../../transport/Watchdog.ts';
import { ManualClock } from '../../support/manualClock.mts';

const LIMITS: TimeLimits = { whole: 10_000, firstByte: 300, silence: 100 };

let clock: ManualClock;

beforeEach(() => {
	clock = new ManualClock();
});

afterEach(() => {
	vi.restoreAllMocks();
});

function watching(limits: Partial<TimeLimits> = {}) {
	const bark = vi.fn<(limit: keyof TimeLimits) => void>();
	return { bark, watchdog: new Watchdog({ ...LIMITS, ...limits }, bark) };
}

/** Lets the last ms of a limit pass and expects the watchdog to bark then, once. */
function expectBark({ bark }: ReturnType<typeof watching>, limit: keyof TimeLimits): void {
	expect(bark).not.toHaveBeenCalled();
	clock.pass(1);
	expect(bark).toHaveBeenCalledExactlyOnceWith(limit);
	clock.pass(100_000);
	expect(bark).toHaveBeenCalledOnce();
	expect(clock.running).toBe(0);
}

test('barks when no answer begins', () => {
	const watch = watching();
	clock.pass(299);
	expectBark(watch, 'firstByte');
});

test.each([0, 1, 99, 100, 250, 299])(
	'barks when the answer that began after %i ms is silent',
	(beginning) => {
		const watch = watching();
		clock.pass(beginning);
		watch.watchdog.expectMore();
		clock.pass(99);
		expectBark(watch, 'silence');
	},
);

test('after each piece the answer may be silent for the whole limit again', () => {
	const watch = watching();
	for (let piece = 0; piece < 5; piece++) {
		watch.watchdog.expectMore();
		clock.pass(60);
	}
	clock.pass(39);
	expectBark(watch, 'silence');
});

test('while the reader is busy, only the whole limit runs', () => {
	const watch = watching();
	watch.watchdog.expectMore();
	clock.pass(50);
	watch.watchdog.pause();
	clock.pass(9949);
	expectBark(watch, 'whole');
});

test('an answer that goes on and on ends at the whole limit', () => {
	const watch = watching({ whole: 1001 });
	for (let step = 0; step < 20; step++) {
		watch.watchdog.expectMore();
		clock.pass(50);
	}
	expectBark(watch, 'whole');
});

test.each<[limits: Partial<TimeLimits>, first: keyof TimeLimits]>([
	[{ whole: 50 }, 'whole'],
	[{ firstByte: 50 }, 'firstByte'],
	[{ firstByte: 50, silence: 1000 }, 'firstByte'],
	[{ whole: 50, firstByte: 1000, silence: 2000 }, 'whole'],
])('with the limits %j, %s is the first to pass', (limits, first) => {
	const watch = watching(limits);
	clock.pass(49);
	expectBark(watch, first);
});

test('however often something comes, one timer runs', () => {
	const { bark, watchdog } = watching();
	for (let step = 0; step < 500; step++) {
		clock.pass(10);
		watchdog.expectMore();
		expect(clock.running).toBe(1);
	}
	expect(bark).not.toHaveBeenCalled();
});

test('ended, it never barks', () => {
	const { bark, watchdog } = watching();
	clock.pass(60);
	watchdog.expectMore();
	clock.pass(60);
	watchdog.end();
	clock.pass(100_000);
	expect(bark).not.toHaveBeenCalled();
	expect(clock.running).toBe(0);
});
