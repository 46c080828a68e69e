import { NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { itemRun } from '../../test/support/itemRun.mts';
import { NODE } from '../../test/support/strictContext.mts';
import { endBrokenStream, streamedOutput } from './streaming.ts';

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

test('Stop ends a reader that never takes a chunk', async () => {
	const stop = new AbortController();
	const sendChunk = async (type: string) => {
		if (type === 'item') await new Promise(() => undefined);
	};
	const declared = {
		isStreaming: () => true,
		sendChunk,
		getExecutionCancelSignal: () => stop.signal,
	};
	const work = streamedOutput(itemRun({}, declared), async (onText) => await onText?.('Hel'));
	setImmediate(() => stop.abort());
	await expect(work).rejects.toMatchObject({ kind: 'aborted' });
});

test.each(['throws', 'rejects'])(
	'a reader that %s at the end of a broken stream fails nothing',
	async (way) => {
		const broken = new Error('closed');
		const sendChunk = () => {
			if (way === 'throws') throw broken;
			return Promise.reject(broken);
		};
		const run = itemRun({}, { sendChunk });
		run.streaming = true;
		await endBrokenStream(run, new NodeOperationError(NODE, 'x'));
		expect(run.streaming).toBe(false);
	},
);
