import type { IExecuteFunctions } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { strict } from '../../test/support/strictContext.mts';
import { RunHints, showHints } from './hints.ts';

const asIs = (text: string) => text;

function shownFor(retries: number[], failed: boolean[], remarks: string[] = []): unknown[] {
	const hints: unknown[] = [];
	const context = strict<IExecuteFunctions>('context', {
		addExecutionHints: (hint: unknown) => void hints.push(hint),
	});
	const outcomes = retries.map((count, index) => ({
		retries: count,
		failed: failed[index] ?? false,
	}));
	showHints(context, outcomes, remarks);
	return hints;
}

const hint = (type: string, message: string) => ({ message, type, location: 'outputPane' });

test('without trouble there are no hints', () => {
	expect(shownFor([0, 0], [false, false])).toEqual([]);
});

test.each([
	[[2, 0, 1], 'Retried 3 requests for 2 of 3 items'],
	[[1, 0], 'Retried 1 request for 1 of 2 items'],
	[[1], 'Retried 1 request for 1 of 1 item'],
])('retries %j are counted over all items', (retries, message) => {
	expect(shownFor(retries, [])).toEqual([hint('info', message)]);
});

test.each([
	[[true, false], '1 of 2 items failed'],
	[[true], '1 of 1 item failed'],
])('failed items %j are a warning', (failed, message) => {
	expect(shownFor([0, 0].slice(0, failed.length), failed)).toEqual([hint('warning', message)]);
});

test('remarks stand between retries and failures', () => {
	const shown = shownFor([1, 0], [false, true], ['Seed left out (1 of 2 items)']);
	expect(shown).toEqual([
		hint('info', 'Retried 1 request for 1 of 2 items'),
		hint('warning', 'Seed left out (1 of 2 items)'),
		hint('warning', '1 of 2 items failed'),
	]);
});

test('a remark is shown once, with the number of items that it is about', () => {
	const hints = new RunHints();
	for (const itemIndex of [0, 2, 2]) hints.add('Seed left out', itemIndex);
	hints.add('Image left out', 1);
	expect(hints.messages(10, asIs)).toEqual([
		'Seed left out (2 of 10 items)',
		'Image left out (1 of 10 items)',
	]);
});

test('of a single item no number is given', () => {
	const hints = new RunHints();
	hints.add('Seed left out', 0);
	expect(hints.messages(1, asIs)).toEqual(['Seed left out']);
});

test('remarks are bounded in number and length', () => {
	const hints = new RunHints();
	for (let itemIndex = 0; itemIndex < 1000; itemIndex += 1) {
		hints.add(`${itemIndex} ${'x'.repeat(1000)}`, itemIndex);
	}
	const messages = hints.messages(1000, asIs);
	expect(messages).toHaveLength(11);
	expect(messages.at(-1)).toBe('Further hints are not shown (990 of 1,000 items)');
	expect(Math.max(...messages.map(({ length }) => length))).toBeLessThan(350);
});

test('secrets are taken out of remarks before they are cut', () => {
	const hints = new RunHints();
	hints.add(`${'x'.repeat(296)}hunter22`, 0);
	const redact = (text: string) => text.replaceAll('hunter22', '*****');
	expect(hints.messages(1, redact)[0]).toBe(`${'x'.repeat(296)}****`);
});
