import type { INode } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import {
	aiAgent,
	basicLlmChain,
	chatModel,
	chatNode,
	type ProviderName,
	PROVIDERS,
	simpleMemory,
} from './aiWorkflows.mts';
import { listen } from './asks.mts';
import { itemsOf, run, runsOf, save } from './runs.mts';
import { fragmentsOf } from './streamClient.mts';
import { useLab } from './useLab.mts';
import {
	chain,
	type Link,
	manualTrigger,
	START,
	streamingWebhook,
	subNode,
	workflow,
} from './workflows.mts';

const AGENT = 'AI Agent';
const MODEL = 'AiChats Chat Model';
const WORDS = '={{ $json.body.words }}';
/** For a machine that has much else to do; in ms. */
const PATIENT = { timeout: 30_000 };

const lab = useLab('ai');
beforeEach(() => lab().service.reset());

/** n8n's root node with our chat model, and what else is connected to it. */
function withModel(root: INode, provider: ProviderName, ...links: Link[]): Link[] {
	return [subNode(chatModel(provider), root, 'ai_languageModel'), ...links];
}

/** Bodies of the requests, as text. */
const sent = () => lab().service.requests.map(({ body }) => JSON.stringify(body));

describe.each(PROVIDERS)("n8n's AI nodes on the AiChats Chat Model with %s", (_, provider) => {
	async function runWith(root: INode, ...links: Link[]) {
		const all = [...chain(manualTrigger(), root), ...withModel(root, provider, ...links)];
		return await run(lab(), workflow(`${root.name} ${provider}`, ...all));
	}

	it('Basic LLM Chain answers', async () => {
		const execution = await runWith(basicLlmChain('a red kite'));
		expect(itemsOf(execution, 'Basic LLM Chain')).toMatchObject([
			{ json: { text: expect.stringContaining('A picture of a red kite') } },
		]);
	});

	it('AI Agent answers', async () => {
		const execution = await runWith(aiAgent('a red kite', { systemMessage: 'Be brief' }));
		const [item] = itemsOf(execution, AGENT);
		expect(item?.json['output']).toContain('A picture of a red kite');
		expect(item?.json['output']).toContain('Be brief');
	});

	it('AI Agent streams its answer piece by piece', async () => {
		const start = streamingWebhook(`streams-${provider}`);
		const agent = aiAgent(WORDS);
		const links = [...chain(start, agent), ...withModel(agent, provider)];
		const listening = await listen(lab(), start.name, workflow(start.name, ...links));
		const { chunks, execution } = await listening.ask('[[text value="one two three four"]]');
		expect(fragmentsOf(chunks).filter(Boolean)).toEqual(['one', ' two', ' three', ' four']);
		expect(itemsOf(execution, AGENT)[0]?.json['output']).toBe('one two three four');
	});

	it('AI Agent remembers the first of two turns', async () => {
		const start = streamingWebhook(`remembers-${provider}`);
		const agent = aiAgent(WORDS);
		const memory = subNode(simpleMemory('one'), agent, 'ai_memory');
		const links = [...chain(start, agent), ...withModel(agent, provider, memory)];
		const listening = await listen(lab(), start.name, workflow(start.name, ...links));
		await listening.ask('My name is Ada');
		await listening.ask('What is my name?');
		const [first, second] = sent();
		expect(first).not.toContain('What is my name?');
		expect(second).toMatch(/My name is Ada.+A picture of My name is Ada.+What is my name\?/);
	});

	it('a failure has our message, and we retry it where that is harmless', async () => {
		const failing = await runWith(aiAgent('x [[status code=400]]'));
		expect(failing.status).toBe('error');
		expect(failing.data.resultData.error).toMatchObject({
			message: 'The service answered with status 400',
			description: expect.stringContaining('The request was not understood'),
		});
		lab().service.reset();
		const retried = await runWith(aiAgent('x [[status code=503 retry-after-ms=1 times=2]]'));
		expect(retried.status).toBe('success');
		expect(sent()).toHaveLength(3);
	});

	it.each([
		['AI Agent', aiAgent('x [[stall]]')],
		['the AiChats node', chatNode('Chat', 'x [[stall]]', { provider })],
	])("n8n's Stop button ends the request of %s", async (__, asking) => {
		const { client, service } = lab();
		const model = asking.name === AGENT ? withModel(asking, provider) : [];
		const links = [...chain(manualTrigger(), asking), ...model];
		const id = await client.start(await save(lab(), workflow('stopped', ...links)), START);
		await expect.poll(() => service.requests.length, PATIENT).toBe(1);
		await client.stopExecution(id);
		await expect.poll(() => service.requests[0]?.finished, PATIENT).toBe('closed-by-client');
		expect((await client.ended(id)).status).toBe('canceled');
	});

	it('the AiChats node remembers the first turn, and nothing of one that failed', async () => {
		const start = streamingWebhook(`chat-remembers-${provider}`);
		const chat = chatNode('Chat', WORDS, { provider });
		const memory = subNode(simpleMemory('one'), chat, 'ai_memory');
		const listening = await listen(
			lab(),
			start.name,
			workflow(start.name, ...chain(start, chat), memory),
		);
		await listening.ask('My name is Ada');
		const { execution } = await listening.ask('Forget me [[reset-after fragments=3]]');
		expect(execution.status).toBe('error');
		await listening.ask('What is my name?');
		const third = sent()[2];
		expect(third).toMatch(/My name is Ada.+A picture of My name is Ada.+What is my name\?/);
		expect(third).not.toContain('Forget me');
	});
});

describe('What a chat model cost', () => {
	it('stands with its run', async () => {
		const agent = aiAgent('a red kite');
		const links = withModel(agent, 'openAiCompatible');
		const execution = await run(
			lab(),
			workflow('cost', ...chain(manualTrigger(), agent), ...links),
		);
		const [item] = runsOf(execution, MODEL)[0]?.data?.['ai_languageModel']?.[0] ?? [];
		expect(item?.json['tokenUsage']).toEqual({
			promptTokens: 3,
			completionTokens: 36,
			totalTokens: 39,
		});
	});
});
