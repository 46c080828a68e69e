import type { StructuredChunk } from 'n8n-workflow';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type Bench, openBench } from '../engine/support.mts';
import { saying } from './aiChats/ask.mts';

let bench: Bench;

beforeAll(async () => {
	bench = await openBench();
});
afterAll(async () => await bench.close());

it.each(['aiChats', 'openAiCompatible'])(
	'%s: the Chat operation streams the first fragment before the second is sent',
	async (provider) => {
		const hold = bench.service.holdAfter(1);
		const first = Promise.withResolvers<StructuredChunk>();
		const contents: unknown[] = [];
		const model = { mode: 'id', value: 'gpt-4' };
		const parameters = { operation: 'chat', provider, model, prompt: saying('One two three') };
		const running = bench.start(parameters, undefined, {
			onChunk: (chunk) => {
				if (chunk.type !== 'item') return;
				contents.push(chunk.content);
				first.resolve(chunk);
			},
		});
		// Nothing releases the service before this: a Chat that waited for more would never get here.
		expect((await first.promise).content).toBe('One');
		expect(bench.service.requests.at(-1)?.fragmentsSent).toBe(1);
		hold.release();
		expect((await running.finished).status).toBe('success');
		expect(contents).toEqual(['One', ' two', ' three']);
	},
);
