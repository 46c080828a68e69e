import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';
import { model } from './parameters.mts';
import { type Bench, NODE_PACKAGE, openBench } from './support.mts';
import {
	type Ask,
	rootNode,
	streamed,
	type SuppliedModel,
	textOf,
	withModel,
} from './useModel.mts';

const ROOT = 'Root';
let ask: Ask;

const TOOL = {
	type: 'function',
	function: {
		name: 'get_weather',
		description: 'The weather of a city',
		parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
	},
};

describe('the chat model sub-node', () => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await openBench({
			engine: {
				package: { ...NODE_PACKAGE, nodes: [...NODE_PACKAGE.nodes, LmChatAiChats] },
				nodeTypes: { 'test.root': rootNode(() => ask) },
			},
		});
	});
	beforeEach(() => bench.service.reset());
	afterAll(async () => await bench.close());

	async function run(provider: string, parameters: object, question: Ask) {
		ask = question;
		const chosen = provider === 'aiChats' ? {} : model('gpt-4o-mini');
		const finished = await bench.engine.run(withModel({ provider, ...chosen, ...parameters }));
		if (finished.error !== undefined) throw finished.error;
		return finished.items(ROOT)[0]?.json['result'];
	}

	describe.each(['aiChats', 'openAiCompatible'])('with %s', (provider) => {
		it('answers', async () => {
			const text = await run(provider, {}, async (model) => textOf(await model.invoke('a kite')));
			expect(text).toContain('a kite');
		});

		it('streams, and the pieces are the answer', async () => {
			const pieces = (await run(provider, {}, async (model) => {
				const texts: string[] = [];
				for await (const piece of await model.stream('a kite')) texts.push(textOf(piece));
				return texts.filter((text) => text !== '');
			})) as unknown as string[];
			expect(pieces.length).toBeGreaterThan(3);
			expect(pieces.join('')).toContain('A picture of a kite');
		});

		it('sends system message and turns', async () => {
			const turns = [
				['system', 'Be brief'],
				['human', 'Hi'],
				['ai', 'Hello'],
				['human', 'And now?'],
			];
			await run(provider, {}, async (model) => textOf(await model.invoke(turns)));
			const sent = JSON.stringify(bench.service.requests[0]?.body);
			for (const [, words] of turns) expect(sent).toContain(words);
		});

		it.each([
			[
				'generated',
				async (model: SuppliedModel) => textOf(await model.invoke('x [[status code=400]]')),
			],
			[
				'streamed',
				async (model: SuppliedModel) => {
					for await (const piece of await model.stream('x [[reset-after fragments=2]]')) void piece;
				},
			],
		])('a failing %s answer is thrown', async (_kind, question) => {
			await expect(run(provider, {}, question)).rejects.toThrow(/status 400|broke off/);
		});

		it('tries again by itself where no answer began', async () => {
			const question: Ask = async (model) =>
				textOf(await model.invoke('a kite [[status code=503 retry-after-ms=1 times=2]]'));
			expect(await run(provider, {}, question)).toContain('a kite');
			expect(bench.service.requests).toHaveLength(3);
		});
	});

	it("keeps the node's own time limits", async () => {
		const options = { idleTimeout: 1 };
		const question: Ask = async (model) =>
			textOf(await model.invoke('x [[stall-after fragments=1]]'));
		const answer = run('openAiCompatible', { options }, question);
		await expect(answer).rejects.toThrow('The answer paused longer than 1 second');
		expect(bench.service.requests).toHaveLength(1);
	});

	it('tells parallel tool calls of a streamed answer apart', async () => {
		const second = { ...TOOL, function: { ...TOOL.function, name: 'get_time' } };
		const calls = await run('openAiCompatible', {}, async (model) => {
			const tools = model.bindTools([TOOL, second]);
			const whole = await streamed(tools, 'Use get_weather and get_time for Oslo');
			return whole.tool_calls?.map(({ name, args }) => ({ name, args }));
		});
		const args = { city: 'Use get_weather and get_time for Oslo' };
		expect(calls).toEqual([
			{ name: 'get_weather', args },
			{ name: 'get_time', args },
		]);
	});

	it('tells usage', async () => {
		const usage = await run('openAiCompatible', {}, async (model) => {
			return (await model.invoke('a kite')).usage_metadata;
		});
		expect(usage).toMatchObject({ input_tokens: expect.any(Number) });
	});

	it('asks for a tool, and answers from its result', async () => {
		const text = await run('openAiCompatible', {}, async (model) => {
			const withTools = model.bindTools([TOOL]);
			const first = await withTools.invoke('Use get_weather for Oslo');
			const [call] = first.tool_calls!;
			expect(call).toMatchObject({ name: 'get_weather', args: { city: expect.any(String) } });
			const turns = [
				['human', 'Use get_weather for Oslo'],
				first,
				{ role: 'tool', content: 'sunny, 21 degrees', tool_call_id: call!.id },
			];
			return textOf(await withTools.invoke(turns));
		});
		expect(text).toContain('sunny, 21 degrees');
	});

	it('puts the ID on every piece of a streamed tool call', async () => {
		const ids = (await run('openAiCompatible', {}, async (model) => {
			const found: Array<string | undefined> = [];
			for await (const piece of await model.bindTools([TOOL]).stream('Use get_weather for Oslo')) {
				found.push(...(piece.tool_call_chunks ?? []).map(({ id }) => id));
			}
			return found;
		})) as unknown as string[];
		expect(ids.length).toBeGreaterThan(1);
		expect(new Set(ids).size).toBe(1);
		expect(ids[0]).toBeTruthy();
	});

	it('says clearly that Ai-Chats has no tools', async () => {
		const question: Ask = async (model) => await model.bindTools([TOOL]).invoke('x');
		await expect(run('aiChats', {}, question)).rejects.toThrow('has no tools');
		expect(bench.service.requests).toEqual([]);
	});

	it('sends its options under their wire names', async () => {
		const options = { temperature: 0.1, maxTokens: 50, extraBody: '{"top_k": 3}' };
		await run('openAiCompatible', { options }, async (model) => textOf(await model.invoke('x')));
		expect(bench.service.requests[0]?.body).toMatchObject({
			temperature: 0.1,
			max_tokens: 50,
			top_k: 3,
		});
	});

	it('ends the request when the caller stops', async () => {
		const controller = new AbortController();
		const question: Ask = async (model) => {
			const pending = model.invoke('x [[stall]]', { signal: controller.signal });
			while (bench.service.requests.length === 0) await new Promise(setImmediate);
			controller.abort();
			return await pending;
		};
		await expect(run('openAiCompatible', {}, question)).rejects.toThrow();
		await expect.poll(() => bench.service.statistics().openConnections).toBe(0);
	});
});
