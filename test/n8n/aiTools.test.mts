import type { INode } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import { drawn } from '../engine/drawnImage.mts';
import {
	aiAgent,
	asTool,
	calculator,
	chatModel,
	chatNode,
	imageNode,
	type ProviderName,
	PROVIDERS,
} from './aiWorkflows.mts';
import { listen } from './asks.mts';
import { itemsOf, run, runsOf } from './runs.mts';
import { fragmentsOf } from './streamClient.mts';
import { useLab } from './useLab.mts';
import {
	chain,
	type Link,
	manualTrigger,
	streamingWebhook,
	subNode,
	workflow,
} from './workflows.mts';

const AGENT = 'AI Agent';
/** The stand-in calls the tools that a prompt names, with the prompt for every text. */
const CALL = 'Call My_tool';
const PROMPT = "={{ $fromAI('prompt', 'What to ask or draw', 'string') }}";

const lab = useLab('aiTools');
beforeEach(() => lab().service.reset());

/** Bodies of the requests for chat completions. */
function chatBodies(): ChatBody[] {
	return lab()
		.service.requests.filter(({ path }) => path.endsWith('/chat/completions'))
		.map(({ body }) => body as ChatBody);
}

/** An agent's part of a workflow, with a chat model of ours and tools. */
function withTools(agent: INode, provider: ProviderName, ...tools: INode[]): Link[] {
	return [
		subNode(chatModel(provider), agent, 'ai_languageModel'),
		...tools.map((tool) => subNode(tool, agent, 'ai_tool')),
	];
}

/** Runs an agent on the OpenAI-compatible service that calls the tool once. */
async function runAgent(tool: INode, agentVersion: number) {
	const agent = aiAgent(CALL, {}, agentVersion);
	const links = withTools(agent, 'openAiCompatible', asTool(tool));
	return await run(lab(), workflow('agent', ...chain(manualTrigger(), agent), ...links));
}

/** What the agent's model was sent about the tool, and what it read of its answer. */
function modelSaw() {
	const bodies = chatBodies();
	const answer = bodies.at(-1)?.messages.find(({ role }) => role === 'tool')?.content;
	return { tool: bodies[0]?.tools?.[0]?.function, answer: JSON.parse(answer || '[]') as unknown[] };
}

interface ChatBody {
	tools?: Array<{ function: { name: string; description: string; parameters: object } }>;
	messages: ChatMessage[];
}

interface ChatMessage {
	role: string;
	content: string;
	tool_calls?: Array<{ id: string }>;
	tool_call_id?: string;
}

describe('AI Agent on the AiChats Chat Model', () => {
	/** The tool calls of the second request, and what came of them. */
	function stepsOf([first, second]: ChatBody[]) {
		const { messages = [] } = second ?? {};
		const called = messages.flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id));
		const results = messages.filter(({ role }) => role === 'tool');
		return { offered: first?.tools?.map((tool) => tool.function.name), called, results };
	}

	it('calls a tool and answers from its result', async () => {
		const agent = aiAgent('2 * pi');
		const links = withTools(agent, 'openAiCompatible', calculator('pi'));
		const execution = await run(lab(), workflow('pi', ...chain(manualTrigger(), agent), ...links));
		expect(itemsOf(execution, AGENT)[0]?.json['output']).toContain('6.28318');
		const { offered, called, results } = stepsOf(chatBodies());
		expect(offered).toEqual(['pi']);
		expect(called).toEqual([expect.stringMatching(/^call_/)]);
		expect(results).toEqual([
			{ role: 'tool', tool_call_id: called[0], content: expect.stringContaining('6.28318') },
		]);
	});

	it('calls two at once in a streamed answer, and streams what it makes of both', async () => {
		const [start, agent] = [streamingWebhook('calculates'), aiAgent('={{ $json.body.words }}')];
		const links = withTools(agent, 'openAiCompatible', calculator('pi'), calculator('e'));
		const definition = workflow(start.name, ...chain(start, agent), ...links);
		const listening = await listen(lab(), start.name, definition);
		const { chunks, execution } = await listening.ask('pi * e');
		const { called, results } = stepsOf(chatBodies());
		expect(new Set(called).size).toBe(2);
		expect(results.map(({ tool_call_id: id }) => id)).toEqual(called);
		expect(results.map(({ content }) => content)).toEqual([
			expect.stringContaining('8.53973'),
			expect.stringContaining('8.53973'),
		]);
		const output = itemsOf(execution, AGENT)[0]?.json['output'];
		expect(fragmentsOf(chunks).join('')).toBe(output);
	});

	it('says that Ai-Chats has no tools', async () => {
		const agent = aiAgent('2 * pi');
		const links = withTools(agent, 'aiChats', calculator('pi'));
		const execution = await run(
			lab(),
			workflow('none', ...chain(manualTrigger(), agent), ...links),
		);
		expect(execution.data.resultData.error).toMatchObject({
			message: 'The Ai-Chats protocol has no tools',
			description: expect.stringContaining('OpenAI-Compatible'),
		});
		expect(lab().service.requests).toEqual([]);
	});
});

// An agent of version 2 calls its tools itself, one of version 3 lets n8n run their nodes.
describe.each([3, 2.2])('AiChats as the tool of an AI Agent of version %s', (version) => {
	describe.each(PROVIDERS)('with %s', (_, provider) => {
		it('chats', async () => {
			const execution = await runAgent(chatNode('My tool', PROMPT, { provider }), version);
			expect(execution.status).toBe('success');
			const { tool, answer } = modelSaw();
			expect(tool?.description).toMatch(/^Asks another language model and returns/);
			expect(tool?.parameters).toMatchObject({
				properties: { prompt: { type: 'string', description: 'What to ask or draw' } },
				required: ['prompt'],
			});
			expect(answer).toEqual([{ text: expect.stringContaining(`A picture of ${CALL}`) }]);
			expect(itemsOf(execution, AGENT)[0]?.json['output']).toContain(`A picture of ${CALL}`);
		});

		it('draws, and hands on a link that whoever the agent answers can open', async () => {
			const draw = imageNode('My tool', `${PROMPT} [[size width=48 height=32]]`, { provider });
			const execution = await runAgent(draw, version);
			expect(execution.status).toBe('success');
			const { tool, answer } = modelSaw();
			expect(tool?.description).toMatch(/^Generates an image and returns a URL/);
			const [image, ...others] = answer as Array<{ url: string }>;
			expect(others).toEqual([]);
			expect(image).toMatchObject({ mimeType: 'image/png', width: 48, height: 32 });
			expect(itemsOf(execution, AGENT)[0]?.json['output']).toContain(image?.url);
			const response = await fetch(image?.url as string);
			expect(response.headers.get('content-type')).toBe('image/png');
			const bytes = Buffer.from(await response.arrayBuffer());
			expect(bytes.equals(await drawn(CALL))).toBe(true);
		});
	});
});

describe('AiChats as the tool of an AI Agent', () => {
	const chat = (prompt: string) => chatNode('My tool', prompt, { provider: 'aiChats' });

	it('keeps the image with its run, besides the link', async () => {
		const prompt = `${PROMPT} [[size width=48 height=32]]`;
		const execution = await runAgent(imageNode('My tool', prompt, { provider: 'aiChats' }), 3);
		const [item] = runsOf(execution, 'My tool')[0]?.data?.['ai_tool']?.[0] ?? [];
		const bytes = await lab().client.binary(item?.binary?.['data']?.id as string);
		expect(bytes.equals(await drawn(CALL))).toBe(true);
	});

	it('gives the agent the reason for its failure', async () => {
		const execution = await runAgent(chat(`${PROMPT} [[status code=400]]`), 3);
		expect(execution.status).toBe('success');
		expect(modelSaw().answer).toEqual([
			{ error: expect.stringMatching(/status 400\. .+The request was not understood/) },
		]);
	});

	it("keeps its own text out of the agent's stream", async () => {
		const start = streamingWebhook('streaming-agent');
		const agent = aiAgent('={{ $json.body.words }}');
		const listening = await listen(
			lab(),
			start.name,
			workflow(
				'streaming agent',
				...chain(start, agent),
				...withTools(agent, 'openAiCompatible', asTool(chat(PROMPT))),
			),
		);
		const { chunks, execution } = await listening.ask(CALL);
		expect(new Set(chunks.map(({ metadata }) => metadata.nodeName))).toEqual(new Set([AGENT]));
		const output = itemsOf(execution, AGENT)[0]?.json['output'];
		expect(fragmentsOf(chunks).join('')).toBe(output);
		expect(output).toContain(`A picture of ${CALL}`);
	});
});
