import type { INode, INodeTypes, StructuredChunk } from 'n8n-workflow';
import { NodeConnectionTypes, NodeHelpers, Workflow } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';
import { drawn, itemWithImages } from './drawnImage.mts';
import { model } from './parameters.mts';
import { conversations } from './sent.mts';
import { NODE, node } from './support.mts';
import { openAiModel, useConnectedModel } from './useConnectedModel.mts';

const CONTINUE = { onError: 'continueRegularOutput' } as const;
const ours = { ours: true, model: { provider: 'openAiCompatible', ...model('gpt-4o-mini') } };

/** Streams of the two models: LangChain's own client, and the AiChats Chat Model through n8n's adapter. */
const MODELS = [
	["LangChain's client for OpenAI", {}],
	['the AiChats Chat Model', ours],
] as const;

describe.each(MODELS)('Answers of %s as a connected model', (_, options) => {
	const { bench, modelNode, run } = useConnectedModel();
	beforeEach(() => void (modelNode.supply = () => openAiModel(`${bench().service.url}/v1`)));

	async function streamed(prompt: string, more: object = {}) {
		const chunks: StructuredChunk[] = [];
		const onChunk = (chunk: StructuredChunk) => void chunks.push(chunk);
		const finished = await run({ prompt }, undefined, { ...options, ...more, onChunk });
		const pieces = chunks.filter(({ type }) => type === 'item').map(({ content }) => content);
		return { finished, chunks, pieces };
	}

	it('stream where the execution streams, with their usage', async () => {
		const { finished, chunks, pieces } = await streamed('[[text value="one two three four"]]');
		expect(chunks.at(0)?.type).toBe('begin');
		expect(chunks.at(-1)?.type).toBe('end');
		expect(pieces).toEqual(['one', ' two', ' three', ' four']);
		expect(bench().service.requests[0]?.body).toMatchObject({ stream: true });
		expect(finished.items(NODE)[0]?.json).toMatchObject({
			text: 'one two three four',
			finishReason: 'stop',
			usage: { promptTokens: expect.any(Number), completionTokens: 5 },
		});
	});

	it.each(['reset-after fragments=3', 'cut after=3'])(
		'that break off by %s are an error with what had arrived',
		async (fault) => {
			const prompt = `[[text value="one two three four"]] [[${fault}]]`;
			const { finished, chunks } = await streamed(prompt, CONTINUE);
			expect(chunks.at(-1)?.type).toBe('error');
			const { json } = finished.items(NODE)[0]!;
			expect(json['error']).toBeTypeOf('string');
			expect(json['errorDetails']).toMatchObject({ partialText: 'one two three' });
			expect(json).not.toHaveProperty('text');
		},
	);

	it('are whole otherwise, with their usage and why they ended', async () => {
		const finished = await run({ prompt: 'a kite' }, undefined, options);
		expect(finished.items(NODE)[0]?.json).toMatchObject({
			finishReason: 'stop',
			usage: { promptTokens: 2, completionTokens: 35, totalTokens: 37 },
		});
	});

	it('see the images of the item', async () => {
		const item = await itemWithImages({ photo: { type: 'jpeg' } });
		const parameters = { prompt: 'What is this?', options: { imageFields: 'photo' } };
		await run(parameters, [item], options);
		const base64 = (await drawn('photo', { type: 'jpeg' })).toString('base64');
		const url = `data:image/jpeg;base64,${base64}`;
		expect(conversations(bench())).toEqual([
			[
				{
					role: 'user',
					content: [
						{ type: 'text', text: 'What is this?' },
						{ type: 'image_url', image_url: { url } },
					],
				},
			],
		]);
	});

	it('are checked as JSON, which the messages ask for', async () => {
		const prompt = 'kite [[text value="{\\"title\\": \\"Kites\\"}"]]';
		const parameters = { prompt, responseFormat: 'example', jsonExample: '{ "title": "A title" }' };
		const finished = await run(parameters, undefined, options);
		expect(finished.items(NODE)[0]?.json['output']).toEqual({ title: 'Kites' });
		const [sent] = bench().service.requests.map(({ body }) => body as Record<string, unknown>);
		expect(sent).not.toHaveProperty('response_format');
		expect(JSON.stringify(sent?.['messages'])).toContain('Answer with one JSON object only');
	});

	it('that the token limit cut are no JSON', async () => {
		const prompt = 'kite [[text value="{\\"title\\": \\"Ki"]] [[finish reason=length]]';
		const finished = await run({ prompt, responseFormat: 'object' }, undefined, options);
		expect(finished.error?.message).toContain('The token limit cut the JSON');
		expect(bench().service.requests).toHaveLength(1);
	});
});

describe('Answers of a connected model', () => {
	const { modelNode, run } = useConnectedModel();
	const says = (...messages: unknown[]) => {
		const asked: unknown[] = [];
		modelNode.supply = () => ({
			modelName: 'models/m',
			invoke: async (sent: unknown) => messages[asked.push(sent) - 1],
		});
		return asked;
	};

	it('are repaired once where they are not the JSON that was asked for', async () => {
		const usage = { input_tokens: 2, output_tokens: 3, total_tokens: 5 };
		const asked = says(
			{ content: 'Sorry, no.', usage_metadata: usage },
			{ content: '{"a": 1}', usage_metadata: usage },
		);
		const parameters = { prompt: 'x', responseFormat: 'schema', jsonSchema: '{"type":"object"}' };
		const [item] = (await run(parameters)).items(NODE);
		expect(item?.json).toMatchObject({
			output: { a: 1 },
			usage: { promptTokens: 4, completionTokens: 6, totalTokens: 10 },
		});
		expect(asked).toHaveLength(2);
		expect(JSON.stringify(asked[1])).toContain('That answer cannot be used');
	});

	it('tell what they cost, as the AiChats Chat Model does', async () => {
		const prompt = 'a kite [[usage input=2 output=3 cost=0.125]]';
		const [item] = (await run({ prompt }, undefined, ours)).items(NODE);
		expect(item?.json['usage']).toMatchObject({ completionTokens: 3, cost: 0.125 });
	});

	it('keep the images that a model draws beside its words', async () => {
		const data = (await drawn('kite')).toString('base64');
		says({
			content: [
				{ type: 'text', text: 'A kite.' },
				{ type: 'inlineData', inlineData: { mimeType: 'image/png', data } },
			],
		});
		const finished = await run({ prompt: 'x' });
		const [item] = finished.items(NODE);
		expect(item?.json).toMatchObject({ text: 'A kite.', model: 'm' });
		const file = await finished.binary(item!, 'image');
		expect(file.equals(await drawn('kite'))).toBe(true);
	});

	it('that link to an image are not followed', async () => {
		const image_url = { url: 'https://a.example/kite.png' };
		says({ content: ['A kite.', { type: 'image_url', image_url }] });
		const [item] = (await run({ prompt: 'x' })).items(NODE);
		expect(item?.json).toMatchObject({
			text: 'A kite.',
			failedImages: [expect.stringContaining('sent only a link to an image')],
		});
	});

	it.each([
		['nothing', { content: '' }, 'The model ended without an answer'],
		['a blocked answer', { content: '', response_metadata: { finishReason: 'SAFETY' } }, 'filter'],
		['a refusal', { content: '', additional_kwargs: { refusal: 'No.' } }, 'declined to answer'],
	])('%s is an error', async (_name, message, words) => {
		says(message);
		const [item] = (await run({ prompt: 'x' }, undefined, CONTINUE)).items(NODE);
		expect(item?.json['error']).toContain(words);
		expect(item?.pairedItem).toEqual({ item: 0 });
	});

	it('are limited in size', async () => {
		says({ content: 'x'.repeat(2000) });
		const finished = await run({ prompt: 'x', options: { maxAnswerSize: 0.001 } });
		expect(finished.error?.message).toContain('The answer is larger than');
	});
});

describe('the inputs', () => {
	const type = new AiChats();
	const nodeTypes = { getByNameAndVersion: () => type } as unknown as INodeTypes;

	function inputsOf(parameters: INode['parameters']) {
		const aiChats = node(NODE, 'n8n-nodes-aichats.aiChats', parameters);
		const workflow = new Workflow({ nodes: [aiChats], connections: {}, active: false, nodeTypes });
		const inputs = NodeHelpers.getNodeInputs(workflow, workflow.getNode(NODE)!, type.description);
		return inputs.map((input) => (typeof input === 'string' ? input : input.type));
	}

	it.each([
		['chat', 'connectedModel', ['main', NodeConnectionTypes.AiLanguageModel, 'ai_memory']],
		['chat', 'openAiCompatible', ['main', 'ai_memory']],
		['image', 'connectedModel', ['main']],
	])('for %s with the provider %s', (operation, provider, inputs) => {
		expect(inputsOf({ operation, provider })).toEqual(inputs);
	});
});
