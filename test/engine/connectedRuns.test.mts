import { describe, expect, it } from 'vitest';

import { model } from './parameters.mts';
import { conversations } from './sent.mts';
import { NODE } from './support.mts';
import { useConnectedModel } from './useConnectedModel.mts';
import { useToolBench } from './useToolBench.mts';

const ours = { ours: true, model: { provider: 'openAiCompatible', ...model('gpt-4o-mini') } };

describe('A connected AiChats Chat Model whose credential has an expression', () => {
	const { bench, run } = useConnectedModel({ apiKey: '={{ $json.key }}' });

	it('asks for each item with its own key', async () => {
		const tenants = ['alice', 'bob', 'carol', 'bob'];
		const items = tenants.map((name) => ({ json: { name, key: `key-of-${name}` } }));
		const finished = await run({ prompt: '=I am {{ $json.name }}' }, items, ours);
		expect(finished.items(NODE).map(({ json }) => json['text'])).toEqual(
			tenants.map((name) => expect.stringContaining(`I am ${name}`)),
		);
		const pairs = bench().service.requests.map(({ body, headers }) => [
			/I am (\w+)/.exec(JSON.stringify(body))?.[1],
			headers['authorization'],
		]);
		expect(pairs.sort()).toEqual(tenants.map((name) => [name, `Bearer key-of-${name}`]).sort());
	});
});

describe('A connected chat model with a memory', () => {
	const { bench, run } = useConnectedModel();

	it('remembers the turns before, and keeps the new one once its answer is whole', async () => {
		const kept: object[] = [];
		const turns = [
			{ content: 'My name is Ada', getType: () => 'human' },
			{ content: 'Hello Ada', getType: () => 'ai' },
		];
		const memory = {
			loadMemoryVariables: async () => ({ chat_history: turns }),
			saveContext: async (...parts: object[]) => void kept.push(...parts),
		};
		const items = ['a kite', 'a boat [[status code=400]]'].map((prompt) => ({ json: { prompt } }));
		const options = { ...ours, memory, onError: 'continueRegularOutput' as const };
		const finished = await run({ prompt: '={{ $json.prompt }}' }, items, options);
		const [first, second] = finished.items(NODE);
		expect(conversations(bench())[0]).toEqual([
			{ role: 'user', content: 'My name is Ada' },
			{ role: 'assistant', content: 'Hello Ada' },
			{ role: 'user', content: 'a kite' },
		]);
		expect(second?.json['error']).toBe('The service answered with status 400');
		expect(kept).toEqual([{ input: 'a kite' }, { output: first?.json['text'] }]);
		expect(bench().service.statistics().mostInFlight).toBe(1);
	});
});

describe('As the tool of an agent', () => {
	const { answersTo, service } = useToolBench();

	it('the node says that no chat model can be connected to it', async () => {
		const parameters = { operation: 'chat', provider: 'connectedModel', prompt: 'x' };
		const [answer] = await answersTo(parameters, {}, { onError: 'continueRegularOutput' });
		expect(answer?.['error']).toMatch(
			/^A connected chat model cannot be used here\. .+ not as a tool\. Choose another/,
		);
		expect(service().requests).toEqual([]);
	});
});
