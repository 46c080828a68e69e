import { expect, test } from 'vitest';

import { itemRun } from '../../test/support/itemRun.mts';
import { streamedOutput } from './streaming.ts';

function streaming(isStreaming: boolean) {
	const chunks: unknown[][] = [];
	const declared = {
		isStreaming: () => isStreaming,
		...(isStreaming ? { sendChunk: async (...chunk: unknown[]) => void chunks.push(chunk) } : {}),
	};
	return { chunks, run: itemRun({}, declared, 2) };
}

test('a streaming execution sees each fragment between begin and end', async () => {
	const { chunks, run } = streaming(true);
	const result = await streamedOutput(run, async (onText) => {
		await onText?.('Hel');
		await onText?.('lo');
		return 'Hello';
	});
	expect(result).toBe('Hello');
	expect(chunks).toEqual([
		['begin', 2],
		['item', 2, 'Hel'],
		['item', 2, 'lo'],
		['end', 2],
	]);
});

test('a failed answer has no end', async () => {
	const { chunks, run } = streaming(true);
	const broken = new Error('broken');
	const work = streamedOutput(run, async (onText) => {
		await onText?.('Hel');
		throw broken;
	});
	await expect(work).rejects.toBe(broken);
	expect(chunks.map(([type]) => type)).toEqual(['begin', 'item']);
});

test('an execution that does not stream sees nothing', async () => {
	const { chunks, run } = streaming(false);
	const result = await streamedOutput(run, async (onText) => {
		expect(onText).toBeUndefined();
		return 7;
	});
	expect(result).toBe(7);
	expect(chunks).toEqual([]);
});

test('an n8n from before streaming gets the result', async () => {
	const run = itemRun({}, { isStreaming: undefined }, 2);
	expect(await streamedOutput(run, async (onText) => onText)).toBeUndefined();
});
