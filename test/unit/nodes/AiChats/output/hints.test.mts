import type { IExecuteFunctions } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { hintAboutTrouble } from '../../../../../nodes/AiChats/output/hints.ts';
import type { ItemRun } from '../../../../../nodes/AiChats/run/ItemRun.ts';
import { strict } from '../../../../support/strictContext.mts';

function hintsFor(retries: number[], failed: boolean[]): unknown[] {
	const hints: unknown[] = [];
	const context = strict<IExecuteFunctions>('context', {
		addExecutionHints: (hint: unknown) => void hints.push(hint),
	});
	const runs = retries.map((count, index) =>
		strict<ItemRun>('run', { retries: count, failed: failed[index] }),
	);
	hintAboutTrouble(context, runs);
	return hints;
}

test('without trouble there is nothing to tell', () => {
	expect(hintsFor([0, 0], [false, false])).toEqual([]);
});

test('repeated requests are counted over all items', () => {
	expect(hintsFor([2, 0, 1], [false, false, false])).toEqual([
		{
			message: 'Repeated 3 requests for 2 of 3 items',
			type: 'info',
			location: 'outputPane',
		},
	]);
});

test('failed items are a warning', () => {
	expect(hintsFor([0, 0], [true, false])).toEqual([
		{ message: '1 of 2 items failed', type: 'warning', location: 'outputPane' },
	]);
});
