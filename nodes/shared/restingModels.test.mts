import { beforeEach, expect, test } from 'vitest';

import { ManualClock } from '../../test/support/manualClock.mts';
import { ProviderError } from '../../providers/errors.ts';
import { RestingModels } from './restingModels.ts';

const DOWN = new ProviderError('http', 'The service answered with status 503', { status: 503 });
const TOO_LONG = new ProviderError('http', 'x', { status: 400, reason: 'contextTooLong' });

let clock: ManualClock;
let resting: RestingModels;
beforeEach(() => {
	clock = new ManualClock();
	resting = new RestingModels();
});

function fail(times: number, error = DOWN): void {
	for (let time = 0; time < times; time++) resting.noteFailure('a', error);
}

test('a model rests after three failures in a row, for a minute, and others do not', () => {
	fail(2);
	expect(resting.reason('a')).toBeUndefined();
	fail(1);
	expect(resting.reason('a')).toBe(DOWN);
	expect(resting.reason('b')).toBeUndefined();
	clock.pass(59_999);
	expect(resting.reason('a')).toBe(DOWN);
	clock.pass(1);
	expect(resting.reason('a')).toBeUndefined();
});

test('one more failure after its rest makes it rest again', () => {
	fail(3);
	clock.pass(60_000);
	fail(1);
	expect(resting.reason('a')).toBe(DOWN);
});

test('a success starts the count anew, and ends a rest', () => {
	fail(2);
	resting.noteSuccess('a');
	fail(2);
	expect(resting.reason('a')).toBeUndefined();
	fail(1);
	resting.noteSuccess('a');
	expect(resting.reason('a')).toBeUndefined();
});

test('prompts that are too long make none rest', () => {
	fail(5, TOO_LONG);
	expect(resting.reason('a')).toBeUndefined();
});
