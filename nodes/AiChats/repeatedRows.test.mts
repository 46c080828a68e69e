import { expect, it, vi } from 'vitest';

import { ProviderError } from '../../providers/errors.ts';
import { type Answer, type Found, RepeatedRows } from './repeatedRows.ts';

const ANSWER: Answer = { images: [], usage: { totalTokens: 7 } };
const NEVER = () => Promise.reject(new Error('Asked twice'));

/** A request that is answered when the test says so. */
function request() {
	let answer: (found: Found<Answer>) => void = () => {};
	const found = new Promise<Found<Answer>>((resolve) => (answer = resolve));
	return { ask: async () => await found, end: () => answer({ answer: ANSWER, isNew: true }) };
}

it('the answer is that of the first row, although a later one was ready to ask before it', async () => {
	const rows = new RepeatedRows(() => true);
	const { ask, end } = request();
	const found = [1, 2, 0].map((row) => rows.find('kite', row, row === 1 ? ask : NEVER));
	end();
	const repeat = { answer: { images: [] }, repeatOf: 0 };
	expect(await Promise.all(found)).toEqual([
		{ ...repeat, isNew: true },
		{ ...repeat, isNew: false },
		{ answer: ANSWER, isNew: false },
	]);
});

it('what has come out with a row stays with it', async () => {
	const rows = new RepeatedRows(() => true);
	const { ask, end } = request();
	const first = rows.find('kite', 3, ask);
	end();
	expect(await first).toEqual({ answer: ANSWER, isNew: true });
	expect(await rows.find('kite', 0, NEVER)).toMatchObject({ isNew: false, repeatOf: 3 });
});

it.each([
	['what may pass, one other row asks again', new ProviderError('timeout', 'Slow'), true, 2],
	['what cannot pass, none', new ProviderError('refused', 'No'), true, 1],
	['what nobody expected, none', new TypeError('x is undefined'), true, 1],
	['in a run that stops, none', new ProviderError('timeout', 'Slow'), false, 1],
])('%s', async (_, error, goesOn, times) => {
	const rows = new RepeatedRows(() => goesOn);
	const ask = vi.fn(() => Promise.reject(error));
	const found = [0, 1, 2, 3].map((row) => rows.find('kite', row, ask));
	for (const outcome of await Promise.allSettled(found)) {
		expect(outcome).toEqual({ status: 'rejected', reason: error });
	}
	expect(ask).toHaveBeenCalledTimes(times);
});
