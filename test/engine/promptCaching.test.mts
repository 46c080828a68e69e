import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { once, openAiChat } from './parameters.mts';
import { bodies, conversations } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const SYSTEM = 'You answer questions about the rules of our club, which follow. '.repeat(4).trim();
const MARKED = {
	role: 'system',
	content: [{ type: 'text', text: SYSTEM, cache_control: { type: 'ephemeral' } }],
};
const TOKENS = Math.ceil(SYSTEM.length / 4);

function ask(prompt: string, options: INodeParameters, more: INodeParameters = {}) {
	return openAiChat(prompt, { systemMessage: SYSTEM, options, ...more });
}

function rows(count: number) {
	return Array.from({ length: count }, (_, id) => ({ json: { id } }));
}

describe('Cache System Message', () => {
	const bench = useBench();
	const cache = { cacheSystemMessage: true };

	it('marks the system message, and tells what was written to the cache and read from it', async () => {
		const run = await bench().run(ask('kite', { ...cache, parallelRequests: 1 }), rows(3));
		expect(conversations(bench())).toEqual(
			rows(3).map(() => [MARKED, { role: 'user', content: 'kite' }]),
		);
		expect(run.items(NODE).map(({ json }) => json['usage'])).toEqual([
			expect.objectContaining({ cachedTokens: 0, cacheWriteTokens: TOKENS }),
			expect.objectContaining({ cachedTokens: TOKENS }),
			expect.objectContaining({ cachedTokens: TOKENS }),
		]);
	});

	it('marks nothing where there is no system message, or where it is off', async () => {
		await bench().run(ask('kite', cache, { systemMessage: '' }));
		await bench().run(ask('kite', { cacheSystemMessage: false }));
		expect(conversations(bench())).toEqual([
			[{ role: 'user', content: 'kite' }],
			[
				{ role: 'system', content: SYSTEM },
				{ role: 'user', content: 'kite' },
			],
		]);
	});

	it('is left out, once for all items, where the server refuses it', async () => {
		const prompt = 'kite [[refuse-cache-control]]';
		const run = await bench().run(ask(prompt, { ...cache, parallelRequests: 1 }), rows(3));
		expect(run.items(NODE).map(({ json }) => json['text'])).toEqual(
			rows(3).map(() => expect.stringMatching(/\w/)),
		);
		const systems = conversations(bench()).map((turns) => (turns as unknown[])[0]);
		const plain = { role: 'system', content: SYSTEM };
		expect(systems).toEqual([MARKED, plain, plain, plain]);
	});
});

describe('Let the First Item Warm Up', () => {
	const bench = useBench();
	const warm = { ...once, warmUp: true, cacheSystemMessage: true };
	const usages = (items: Array<{ json: object }>) =>
		items.map(({ json }) => (json as { usage: { cacheWriteTokens?: number } }).usage);

	it('pays once for what the prompts share; without it several of the first do', async () => {
		const prompt = 'kite [[latency ms=150]]';
		const run = await bench().run(ask(prompt, warm), rows(8));
		const written = usages(run.items(NODE)).map(({ cacheWriteTokens = 0 }) => cacheWriteTokens);
		expect(written).toEqual([TOKENS, 0, 0, 0, 0, 0, 0, 0]);
		bench().service.reset();
		const cold = await bench().run(ask(prompt, { ...warm, warmUp: false }), rows(8));
		const paid = usages(cold.items(NODE)).filter(
			({ cacheWriteTokens = 0 }) => cacheWriteTokens > 0,
		);
		expect(paid.length).toBeGreaterThan(1);
	});

	it('holds the others until the first word of the first answer, and then no longer', async () => {
		const hold = bench().service.holdAfter(1);
		const running = bench().start(ask('=kite {{ $json.id }}', warm), rows(6));
		await hold.reached;
		const ends = () => bench().service.requests.map(({ finished }) => finished);
		await expect.poll(ends).toEqual([undefined, ...Array<string>(5).fill('whole')]);
		hold.release();
		const run = await running.finished;
		expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
			rows(6).map((_, item) => ({ item })),
		);
	});

	it('sends nothing else before that', async () => {
		const hold = bench().service.holdAfter(0);
		const running = bench().start(ask('kite', warm), rows(6));
		await hold.reached;
		expect(bodies(bench())).toHaveLength(1);
		hold.release();
		expect((await running.finished).items(NODE)).toHaveLength(6);
	});

	it('does not stop the others where the first item fails', async () => {
		const prompt = '=kite {{ $json.id === 0 ? "[[status code=400]]" : "" }}';
		const run = await bench().run(ask(prompt, warm), rows(6), {
			onError: 'continueRegularOutput',
		});
		expect(run.items(NODE).map(({ json }) => 'error' in json)).toEqual([
			true,
			...Array<boolean>(5).fill(false),
		]);
	});

	it('ends at once with Stop Workflow', async () => {
		const run = await bench().run(ask('kite [[status code=400]]', warm), rows(6));
		expect(run.status).toBe('error');
		expect(bodies(bench())).toHaveLength(1);
	});
});
