import type { INodeType, INodeTypes, ISupplyDataFunctions, SupplyData } from 'n8n-workflow';
import { NodeConnectionTypes, NodeHelpers, Workflow } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';
import { type Bench, NODE, node, oneNode, openBench } from './support.mts';

interface Turn {
	type: string;
	content: string | Array<{ type: string; text?: string }>;
}

/** A memory sub-node that hands out what n8n's own do: turns with a type, and a way to add one. */
class MemoryNode implements INodeType {
	turns: Turn[] = [];
	/** What it supplies, where that is not a memory that works. */
	fault: Partial<Record<'loadMemoryVariables' | 'saveContext', () => unknown>> | undefined;
	supplied: unknown;

	description = {
		displayName: 'Memory',
		name: 'memory',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Memory' },
		inputs: [],
		outputs: [NodeConnectionTypes.AiMemory],
		properties: [],
	} as INodeType['description'];

	supplyData = async function (this: ISupplyDataFunctions): Promise<SupplyData> {
		if (memoryNode.supplied !== undefined) return { response: memoryNode.supplied };
		return {
			response: {
				loadMemoryVariables: async () => ({
					chat_history: turns().map(({ type, content }) => ({ content, getType: () => type })),
				}),
				saveContext: async ({ input }: { input: string }, { output }: { output: string }) => {
					turns().push({ type: 'human', content: input }, { type: 'ai', content: output });
				},
				...memoryNode.fault,
			},
		};
	};
}

const memoryNode = new MemoryNode();
const turns = () => memoryNode.turns;

function withMemory(parameters: Parameters<typeof oneNode>[0]) {
	const workflow = oneNode({ operation: 'chat', ...parameters });
	workflow.nodes.push(node('Memory', 'test.memory', {}));
	workflow.connections['Memory'] = {
		ai_memory: [[{ node: NODE, type: NodeConnectionTypes.AiMemory, index: 0 }]],
	};
	return workflow;
}

describe('Chat with a memory sub-node', () => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await openBench({ engine: { nodeTypes: { 'test.memory': memoryNode } } });
	});
	beforeEach(() => {
		memoryNode.turns = [];
		memoryNode.fault = undefined;
		memoryNode.supplied = undefined;
		bench.service.reset();
	});
	afterAll(async () => await bench.close());

	it('sends the first turn with the second request', async () => {
		const first = await bench.engine.run(withMemory({ prompt: 'My name is Ada' }));
		const answer = String(first.items(NODE)[0]?.json['text']);
		await bench.engine.run(withMemory({ prompt: 'What is my name?' }));
		const [, second] = bench.service.requests;
		expect(JSON.stringify(second?.body)).toContain('User: My name is Ada');
		expect(turns().map(({ type }) => type)).toEqual(['human', 'ai', 'human', 'ai']);
		expect(turns()[1]?.content).toBe(answer);
	});

	it('stands between the system message and the history rows', async () => {
		memoryNode.turns = [{ type: 'human', content: 'remembered' }];
		const parameters = {
			prompt: 'now',
			systemMessage: 'rules',
			historyInput: 'json',
			historyJson: '[{ "role": "user", "content": "row" }]',
		};
		await bench.engine.run(withMemory(parameters));
		const body = bench.service.requests[0]?.body as { messagesHistory: Array<{ content: string }> };
		expect(body.messagesHistory[0]?.content).toBe(
			'System: rules\nUser: remembered\nUser: row\nUser: now\nAssistant:',
		);
	});

	it.each(['[[status code=400]]', '[[reset-after fragments=3]]', '[[trylimit after=2]]'])(
		'keeps no trace of a turn that failed by %s',
		async (fault) => {
			const run = await bench.engine.run(withMemory({ prompt: `Hello ${fault}` }));
			expect(run.status).toBe('error');
			expect(turns()).toEqual([]);
		},
	);

	it('lets the items of one run follow one another, as turns of a conversation do', async () => {
		const input = ['one', 'two', 'three'].map((prompt) => ({ json: { prompt } }));
		await bench.engine.run(withMemory({ prompt: '={{ $json.prompt }} [[latency ms=5]]' }), {
			input,
		});
		const [, second, third] = bench.service.requests.map(({ body }) => JSON.stringify(body));
		expect(second).toContain('User: one');
		expect(third).toMatch(/User: one.+User: two/);
		expect(bench.service.statistics().mostInFlight).toBe(1);
	});

	it('lets them overtake one another where the user wants that', async () => {
		const input = ['one', 'two'].map((prompt) => ({ json: { prompt } }));
		const prompt = '={{ $json.prompt }} [[latency ms=20]]';
		await bench.engine.run(withMemory({ prompt, options: { parallelRequests: 2 } }), { input });
		expect(bench.service.statistics().mostInFlight).toBe(2);
	});

	it('reads turns that agents keep in parts', async () => {
		const content = [
			{ type: 'text', text: 'kept ' },
			{ type: 'tool_use' },
			{ type: 'text', text: 'whole' },
		];
		memoryNode.turns = [{ type: 'ai', content }];
		await bench.engine.run(withMemory({ prompt: 'now' }));
		const sent = JSON.stringify(bench.service.requests[0]?.body);
		expect(sent).toContain('Assistant: kept whole');
	});

	it('leaves out turns that are no text', async () => {
		memoryNode.turns = [
			{ type: 'tool', content: 'tool result' },
			{ type: 'ai', content: '' },
			{ type: 'ai', content: 'kept' },
		];
		await bench.engine.run(withMemory({ prompt: 'now' }));
		const sent = JSON.stringify(bench.service.requests[0]?.body);
		expect(sent).toContain('Assistant: kept');
		expect(sent).not.toContain('tool result');
	});

	it.each([
		['<think>a note</think>\n\nHello', 'Hello'],
		['Hello <think> is a tag', 'Hello <think> is a tag'],
	])('sends of the saved answer %j only the answer', async (content, sent) => {
		memoryNode.turns = [{ type: 'ai', content }];
		await bench.engine.run(withMemory({ prompt: 'now', options: { nativeTurns: true } }));
		const body = bench.service.requests[0]?.body as { messagesHistory: Array<{ content: string }> };
		expect(body.messagesHistory[0]?.content).toBe(sent);
	});

	it('keeps the answer when it cannot be saved, and says so above the output', async () => {
		memoryNode.fault = { saveContext: () => Promise.reject(new Error('Redis is full')) };
		const run = await bench.engine.run(withMemory({ prompt: 'a kite' }));
		expect(run.status).toBe('success');
		expect(run.items(NODE)[0]?.json['text']).toContain('a kite');
		expect(run.hints(NODE)).toMatchObject([
			{
				type: 'warning',
				message: 'The answer could not be saved in the memory: Redis is full',
			},
		]);
	});

	it.each([
		['fails', () => Promise.reject(new Error('Redis is gone'))],
		[
			'throws',
			() => {
				throw new Error('Redis is gone');
			},
		],
	])('says what is wrong when loading %s, and asks nothing', async (_way, loadMemoryVariables) => {
		memoryNode.fault = { loadMemoryVariables };
		const run = await bench.engine.run(withMemory({ prompt: 'Hi' }));
		expect(run.error).toMatchObject({
			message: 'The memory could not be read',
			description: 'Check the connected memory node. It said: Redis is gone',
		});
		expect(bench.service.requests).toEqual([]);
	});

	it.each([
		['nothing', null],
		['text', 'junk'],
		['turns of other kinds', { history: [null, 7, 'text', {}, { content: 'x' }, { getType: 1 }] }],
		['a turn without content', { history: [{ getType: () => 'ai' }] }],
		['no list', { history: { content: 'x' } }],
	])('takes a memory that holds %s for an empty one', async (_name, variables) => {
		memoryNode.fault = { loadMemoryVariables: async () => variables };
		const run = await bench.engine.run(withMemory({ prompt: 'a kite' }));
		expect(run.items(NODE)[0]?.json['text']).toContain('a kite');
		expect(bench.service.requests[0]?.body).toMatchObject({
			messagesHistory: [{ content: 'a kite' }],
		});
	});

	it.each([['text'], [{}], [{ loadMemoryVariables: 1, saveContext: 2 }]])(
		'refuses what is no memory: %j',
		async (supplied) => {
			memoryNode.supplied = supplied;
			const run = await bench.engine.run(withMemory({ prompt: 'Hi' }));
			expect(run.error).toMatchObject({
				message: 'The connected memory cannot be used',
				description: expect.stringContaining('Connect a memory node'),
			});
		},
	);

	it.each(['loadMemoryVariables', 'saveContext'] as const)(
		'is ended by Stop while %s hangs',
		async (method) => {
			const hanging = Promise.withResolvers<void>();
			memoryNode.fault = {
				[method]: () => {
					hanging.resolve();
					return new Promise(() => undefined);
				},
			};
			const execution = bench.engine.start(withMemory({ prompt: 'Hi' }));
			await hanging.promise;
			execution.cancel();
			expect((await execution.finished).status).toBe('canceled');
		},
	);
});

describe('the input for a memory', () => {
	const type = new AiChats();
	const nodeTypes = { getByNameAndVersion: () => type } as unknown as INodeTypes;

	function inputsOf(operation: string): string[] {
		const aiChats = node(NODE, 'n8n-nodes-aichats.aiChats', { operation });
		const workflow = new Workflow({ nodes: [aiChats], connections: {}, active: false, nodeTypes });
		const inputs = NodeHelpers.getNodeInputs(workflow, workflow.getNode(NODE)!, type.description);
		return inputs.map((input) => (typeof input === 'string' ? input : input.type));
	}

	it('is shown for Chat only', () => {
		expect(inputsOf('chat')).toEqual(['main', 'ai_memory']);
		expect(inputsOf('image')).toEqual(['main']);
	});
});
