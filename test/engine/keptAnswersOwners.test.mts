import {
	type INodeParameters,
	type INodeType,
	type ISupplyDataFunctions,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import { createEngine } from '../../dev/engine/index.mts';
import { chat, openAiChat } from './parameters.mts';
import { ALL, asked, attempt, expectAllRows, options, PROMPT, ROWS } from './resuming.mts';
import { nodeType } from './runner/nodeType.mts';
import { NODE, NODE_PACKAGE, node, oneNode } from './support.mts';
import { useBench } from './useBench.mts';

const FAULT = ' [[status code=400 times=1]]';

describe('A kept answer belongs to its credential', () => {
	const bench = useBench({ credential: { apiKey: 'sk-old-0815' } });

	/** Fails with the bench's credential, and is retried with another of this id and content. */
	async function retriedWith(id: string, data: Record<string, string>) {
		const parameters = openAiChat(PROMPT, { options });
		const failed = await attempt(bench(), parameters);
		const before = asked(bench()).length;
		const type = 'aiChatsOpenAiCompatibleApi';
		const credentials = { [id]: { type, data: { baseUrl: bench().service.url, ...data } } };
		const engine = await createEngine({ package: NODE_PACKAGE, credentials });
		try {
			const workflow = oneNode(parameters);
			Object.assign(workflow.nodes[1]!.credentials!, { [type]: { id, name: id } });
			expectAllRows(await engine.run(workflow, { retryOf: failed.run }));
		} finally {
			await engine.close();
		}
		return asked(bench()).slice(before);
	}

	it('also once that has a new key, which may be why there is a retry', async () => {
		const rows = await retriedWith('aiChatsOpenAiCompatibleApi', { apiKey: 'sk-new-0816' });
		expect(rows).toEqual([6, 7, 8, 9]);
	});

	it('not to another one', async () => {
		expect(await retriedWith('another', { apiKey: 'sk-old-0815' })).toEqual(ALL);
	});

	it('not once that leads elsewhere', async () => {
		const baseUrl = `${bench().service.url}/v1`;
		expect(await retriedWith('aiChatsOpenAiCompatibleApi', { baseUrl })).toEqual(ALL);
	});
});

describe('Tenants with credentials of their own', () => {
	const bench = useBench({ credential: { apiKey: '={{ $json.key }}' } });
	const rows = ['alice', 'bob', 'carol'].map((tenant) => ({
		json: { row: 1, key: `key-of-${tenant}-0815`, fault: tenant === 'carol' ? FAULT : '' },
	}));
	const senders = () =>
		bench().service.requests.map(
			({ headers }) => /of-(\w+)/.exec(`${headers['authorization']}`)?.[1],
		);

	it('get their own answers back, whatever words they share', async () => {
		const parameters = openAiChat(PROMPT, { options });
		const failed = await attempt(bench(), parameters, { items: rows });
		expect(senders()).toEqual(['alice', 'bob', 'carol']);
		const run = await attempt(bench(), parameters, { run: { retryOf: failed.run } });
		expect(run.items(NODE)).toHaveLength(3);
		expect(senders().slice(3)).toEqual(['carol']);
	});

	it('do not share one request', async () => {
		const items = rows.slice(0, 2);
		const parameters = openAiChat(PROMPT, { options: { ...options, answerRepeatsOnce: true } });
		await attempt(bench(), parameters, { items });
		expect(senders()).toEqual(['alice', 'bob']);
	});
});

describe('Conversations that a memory keeps', () => {
	const sessions = new Map<string, Array<{ type: string; content: string }>>();
	/** Shows the newest so many turns. */
	let window = Infinity;

	const memory: INodeType = {
		...nodeType('memory', undefined, {
			inputs: [],
			outputs: [NodeConnectionTypes.AiMemory],
			properties: [{ displayName: 'Session', name: 'session', type: 'string', default: '' }],
		}),
		async supplyData(this: ISupplyDataFunctions, itemIndex: number) {
			const id = this.getNodeParameter('session', itemIndex) as string;
			const turns = sessions.get(id) ?? [];
			sessions.set(id, turns);
			return {
				response: {
					loadMemoryVariables: async () => ({
						history: turns
							.slice(-2 * window)
							.map(({ type, content }) => ({ content, getType: () => type })),
					}),
					saveContext: async ({ input }: { input: string }, { output }: { output: string }) =>
						void turns.push({ type: 'human', content: input }, { type: 'ai', content: output }),
				},
			};
		},
	};
	const bench = useBench({ engine: { nodeTypes: { 'test.memory': memory } } });
	beforeEach(() => {
		sessions.clear();
		window = Infinity;
	});

	function workflow(session: string, more: INodeParameters = {}) {
		const made = oneNode(chat(PROMPT, { options, ...more }));
		made.nodes.push(node('Memory', 'test.memory', { session }));
		made.connections['Memory'] = {
			ai_memory: [[{ node: NODE, type: NodeConnectionTypes.AiMemory, index: 0 }]],
		};
		return made;
	}
	const questions = (session = 'one') =>
		sessions
			.get(session)
			?.filter(({ type }) => type === 'human')
			.map(({ content }) => content);
	const ALL_QUESTIONS = ROWS.map(({ json }) => `kite ${json.row}${json.fault}`);

	it.each([Infinity, 2, 1])('each turn is in it once after a retry; it shows %s', async (shown) => {
		window = shown;
		const failed = await bench().engine.run(workflow('one'), { input: ROWS });
		expect(questions()).toEqual(ALL_QUESTIONS.slice(0, 6));
		const run = await bench().engine.run(workflow('one'), { retryOf: failed.run });
		expectAllRows(run);
		expect(asked(bench())).toHaveLength(7 + 4);
		expect(questions()).toEqual(ALL_QUESTIONS);
	});

	it.each([Infinity, 2, 1])('a lost one has all turns again; it shows %s', async (shown) => {
		window = shown;
		const failed = await bench().engine.run(workflow('one'), { input: ROWS });
		sessions.clear();
		expectAllRows(await bench().engine.run(workflow('one'), { retryOf: failed.run }));
		expect(asked(bench())).toHaveLength(7 + 4);
		expect(questions()).toEqual(ALL_QUESTIONS);
	});

	it('the same words in two of them are two questions', async () => {
		const items = ['a', 'b', 'a'].map((session, at) => ({
			json: { session, row: 1, fault: at === 2 ? FAULT : '' },
		}));
		const made = workflow('={{ $json.session }}', {
			options: { ...options, answerRepeatsOnce: true },
		});
		const failed = await bench().engine.run(made, { input: items });
		expect(failed.error).toBeDefined();
		await bench().engine.run(made, { retryOf: failed.run });
		expect(asked(bench())).toEqual([1, 1, 1, 1]);
		expect(questions('a')).toEqual(['kite 1', `kite 1${FAULT}`]);
		expect(questions('b')).toEqual(['kite 1']);
	});
});
