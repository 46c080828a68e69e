import type { INode } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import { drawn } from '../engine/picture.mts';
import { listen } from './asks.mts';
import { itemsOf, run, runsOf } from './runs.mts';
import { fragmentsOf } from './streamClient.mts';
import { useLab } from './useLab.mts';
import { aiAgent } from './workflows/ai.mts';
import { asTool, chatModel, chatNode, imageNode, PROVIDERS } from './workflows/aiChats.mts';
import { manualTrigger, streamingWebhook } from './workflows/triggers.mts';
import { chain, subNode, workflow } from './workflows/workflow.mts';

const AGENT = 'AI Agent';
/** The stand-in calls the tools that a prompt names, with the prompt for every text. */
const CALL = 'Call My_tool';
const PROMPT = "={{ $fromAI('prompt', 'What to ask or draw', 'string') }}";

const lab = useLab('aiTools');
beforeEach(() => lab().service.reset());

/** Runs an agent on the OpenAI-compatible service that calls the tool once. */
async function runAgent(tool: INode, agentVersion: number) {
	const agent = aiAgent(CALL, {}, agentVersion);
	const links = [
		subNode(chatModel('openAiCompatible'), agent, 'ai_languageModel'),
		subNode(asTool(tool), agent, 'ai_tool'),
	];
	return await run(lab(), workflow('agent', ...chain(manualTrigger(), agent), ...links));
}

/** What the agent's model was told of the tool, and read of its answer. */
function modelSaw() {
	const bodies = lab()
		.service.requests.filter(({ path }) => path.endsWith('/chat/completions'))
		.map(({ body }) => body as ChatBody);
	const answer = bodies.at(-1)?.messages.find(({ role }) => role === 'tool')?.content;
	return { tool: bodies[0]?.tools?.[0]?.function, answer: JSON.parse(answer || '[]') as unknown[] };
}

interface ChatBody {
	messages: Array<{ role: string; content: string }>;
	tools?: Array<{ function: { description: string; parameters: object } }>;
}

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
			expect(tool?.description).toMatch(/^Draws a picture and returns a URL/);
			const [picture, ...others] = answer as Array<{ url: string }>;
			expect(others).toEqual([]);
			expect(picture).toMatchObject({ mimeType: 'image/png', width: 48, height: 32 });
			expect(itemsOf(execution, AGENT)[0]?.json['output']).toContain(picture?.url);
			const response = await fetch(picture?.url as string);
			expect(response.headers.get('content-type')).toBe('image/png');
			const bytes = Buffer.from(await response.arrayBuffer());
			expect(bytes.equals(await drawn(CALL))).toBe(true);
		});
	});
});

describe('AiChats as the tool of an AI Agent', () => {
	const chat = (prompt: string) => chatNode('My tool', prompt, { provider: 'aiChats' });

	it('keeps the picture with its run, besides the link', async () => {
		const prompt = `${PROMPT} [[size width=48 height=32]]`;
		const execution = await runAgent(imageNode('My tool', prompt, { provider: 'aiChats' }), 3);
		const [item] = runsOf(execution, 'My tool')[0]?.data?.['ai_tool']?.[0] ?? [];
		const bytes = await lab().client.binary(item?.binary?.['data']?.id as string);
		expect(bytes.equals(await drawn(CALL))).toBe(true);
	});

	it('tells the agent why it failed', async () => {
		const execution = await runAgent(chat(`${PROMPT} [[status code=400]]`), 3);
		expect(execution.status).toBe('success');
		expect(modelSaw().answer).toEqual([
			{ error: expect.stringMatching(/status 400\. .+The request was not understood/) },
		]);
	});

	it("keeps its own words out of the agent's stream", async () => {
		const start = streamingWebhook('streaming-agent');
		const agent = aiAgent('={{ $json.body.words }}');
		const listening = await listen(
			lab(),
			start.name,
			workflow(
				'streaming agent',
				...chain(start, agent),
				subNode(chatModel('openAiCompatible'), agent, 'ai_languageModel'),
				subNode(asTool(chat(PROMPT)), agent, 'ai_tool'),
			),
		);
		const { chunks, execution } = await listening.ask(CALL);
		expect(new Set(chunks.map(({ metadata }) => metadata.nodeName))).toEqual(new Set([AGENT]));
		const output = itemsOf(execution, AGENT)[0]?.json['output'];
		expect(fragmentsOf(chunks).join('')).toBe(output);
		expect(output).toContain(`A picture of ${CALL}`);
	});
});
