import { describe, expect, it } from 'vitest';

import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';
import { chat, model, openAiChat } from './parameters.mts';
import { bodies } from './sent.mts';
import { NODE, NODE_PACKAGE } from './support.mts';
import { useBench } from './useBench.mts';
import { rootNode, textOf, withModel } from './useModel.mts';

const bench = useBench({
	engine: {
		package: { ...NODE_PACKAGE, nodes: [...NODE_PACKAGE.nodes, LmChatAiChats] },
		nodeTypes: {
			'test.root': rootNode(() => async (model) => textOf(await model.invoke('a kite'))),
		},
	},
});

/** Both nodes: what failed with these parameters, or undefined. */
const WAYS: Array<[string, (parameters: object) => Promise<string | undefined>]> = [
	[
		'The AiChats node',
		async (parameters) => {
			const run = await bench().run(chat('a kite', parameters as never));
			return run.error?.message;
		},
	],
	[
		'The Chat Model',
		async (parameters) => {
			const run = await bench().engine.run(withModel(parameters as never));
			return run.error === undefined ? undefined : `${run.error.message} ${run.error.description}`;
		},
	],
];

describe.each(WAYS)('%s', (_, failure) => {
	it('sends the ID of a model without the spaces around it', async () => {
		const parameters = { provider: 'openAiCompatible', ...model(' gpt-4.1 ') };
		expect(await failure(parameters)).toBeUndefined();
		expect(bodies(bench())).toMatchObject([{ model: 'gpt-4.1' }]);
	});

	it.each(['={{ null }}', '={{ undefined }}', '={{ "  " }}', ''])(
		'sends nothing where %j leaves the model of an OpenAI-compatible server open',
		async (id) => {
			const message = await failure({ provider: 'openAiCompatible', ...model(id) });
			expect(message).toContain('No model is chosen');
			expect(bodies(bench())).toEqual([]);
		},
	);

	it.each(['={{ null }}', '={{ undefined }}', '={{ " gpt-4 " }}', ''])(
		'takes %j for the default of Ai-Chats',
		async (id) => {
			expect(await failure({ provider: 'aiChats', ...model(id) })).toBeUndefined();
			expect(bodies(bench())).toHaveLength(1);
		},
	);

	it.each(['xhigh', 'max', '={{ "low" }}'])(
		'sends the reasoning effort %j',
		async (reasoningEffort) => {
			const parameters = {
				provider: 'openAiCompatible',
				...model('o4-mini'),
				options: { reasoningEffort },
			};
			expect(await failure(parameters)).toBeUndefined();
			const effort = reasoningEffort.replace(/[^a-z]/g, '');
			expect(bodies(bench())).toMatchObject([{ reasoning_effort: effort }]);
		},
	);

	it.each([
		['={{ Number("x") }}', 'NaN'],
		['={{ ({}) }}', 'an object'],
		['={{ "warm" }}', '"warm"'],
		['={{ 3 }}', '3'],
	])('refuses the temperature %s and sends nothing', async (temperature, shown) => {
		const parameters = {
			provider: 'openAiCompatible',
			...model('gpt-4'),
			options: { temperature },
		};
		const message = await failure(parameters);
		expect(message).toContain(`'Temperature' must be a number from 0 to 2, but is ${shown}`);
		expect(bodies(bench())).toEqual([]);
	});

	it('names an unknown provider', async () => {
		expect(await failure({ provider: 'gemini' })).toContain("There is no provider 'gemini'");
	});
});

it.each([
	[{ provider: 'gemini' }, "There is no provider 'gemini'"],
	[{ operation: 'video' }, "There is no operation 'video'"],
	[
		{ options: { parallelRequests: '={{ "five" }}' } },
		'\'Requests in Parallel\' must be a whole number from 1 to 100, but is "five"',
	],
	[{ options: { fileName: 7, stop: 'END' } }, undefined],
])('%j fails every item with its reason, or none', async (parameters, message) => {
	const items = [1, 2, 3].map((number) => ({ json: { number } }));
	const run = await bench().run(chat('a kite', parameters as never), items, {
		onError: 'continueRegularOutput',
	});
	expect(run.items(NODE).map(({ json }) => json['error'])).toEqual(items.map(() => message));
});

it('a model that is an object is named as such, whatever has ended the run before', async () => {
	const items = ['gpt-4', { id: 'gpt-4' }, 'gpt-4'].map((name) => ({ json: { name } }));
	const parameters = openAiChat('a kite [[status code=401]]', {
		...model('={{ $json.name }}'),
		options: { parallelRequests: 1, keepAnswers: false },
	});
	const run = await bench().run(parameters, items, { onError: 'continueRegularOutput' });
	expect(run.items(NODE).map(({ json }) => json['error'])).toEqual([
		expect.stringContaining('status 401'),
		"'Model' is not text",
		expect.stringMatching(/^Not sent: /),
	]);
	expect(bodies(bench())).toHaveLength(1);
});
