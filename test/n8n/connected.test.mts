import type { INode } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import { drawn } from '../engine/drawnImage.mts';
import {
	aiAgent,
	basicLlmChain,
	chatModel,
	connectedChat,
	imageNode,
	openAiChatModel,
} from './aiWorkflows.mts';
import { itemsOf, run, runsOf } from './runs.mts';
import { useLab } from './useLab.mts';
import {
	chain,
	editFields,
	manualTrigger,
	node,
	splitOut,
	subNode,
	workflow,
} from './workflows.mts';

const lab = useLab('connected');
beforeEach(() => lab().service.reset());

/** For a machine that has much else to do; in ms. */
const PATIENT = { timeout: 30_000 };
const PROMPT = '={{ $json.subject }}';
const subjects = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ subject: `kite ${index}` }));

/** Items for the nodes after it. */
const list = (items: object[]): [INode, INode, INode] => [
	manualTrigger(),
	editFields('List', { items }),
	splitOut('Subjects'),
];

const MODELS: ReadonlyArray<[string, INode]> = [
	["n8n's OpenAI Chat Model", openAiChatModel()],
	['the AiChats Chat Model', chatModel('openAiCompatible')],
];

describe.each(MODELS)('Chat with %s connected', (_, model) => {
	const withModel = (chat: INode, items: object[]) =>
		workflow('connected', ...chain(...list(items), chat), subNode(model, chat, 'ai_languageModel'));

	it('answers 20 items, five at once, in order', async () => {
		const slow = connectedChat('Chat', `${PROMPT} [[latency ms=1500]]`);
		const running = run(lab(), withModel(slow, subjects(20)));
		await expect.poll(() => lab().service.statistics().inFlight, PATIENT).toBe(5);
		const items = itemsOf(await running, 'Chat');
		expect(items.map(({ json }) => json['text'])).toEqual(
			subjects(20).map(({ subject }) => expect.stringContaining(`A picture of ${subject}:`)),
		);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			subjects(20).map((__, item) => ({ item })),
		);
		expect(items[0]?.json['usage']).toMatchObject({ totalTokens: expect.any(Number) });
		expect(lab().service.statistics()).toMatchObject({ requests: 20, mostInFlight: 5 });
	});

	it("tells n8n's log the exact tokens of each item", async () => {
		const execution = await run(lab(), withModel(connectedChat('Chat', PROMPT), subjects(3)));
		const logged = runsOf(execution, model.name).map(
			({ data }) => data?.['ai_languageModel']?.[0]?.[0]?.json['tokenUsage'],
		);
		expect(logged).toEqual(
			subjects(3).map(() => ({ promptTokens: 2, completionTokens: 35, totalTokens: 37 })),
		);
	});

	it('goes on after a failed item', async () => {
		const items = [{ subject: 'a' }, { subject: 'b [[status code=400]]' }, { subject: 'c' }];
		const chat = connectedChat('Chat', PROMPT, { more: { onError: 'continueRegularOutput' } });
		const results = itemsOf(await run(lab(), withModel(chat, items)), 'Chat');
		expect(results.map(({ json }) => json)).toEqual([
			expect.objectContaining({ text: expect.stringContaining('A picture of a:') }),
			expect.objectContaining({
				subject: 'b [[status code=400]]',
				error: 'The service answered with status 400',
				errorDetails: expect.objectContaining({ status: 400, kind: 'http' }),
			}),
			expect.objectContaining({ text: expect.stringContaining('A picture of c:') }),
		]);
	});
});

/** n8n's other root nodes for a chat model. */
const extractor = (text: string): INode => {
	const attribute = { name: 'title', type: 'string', description: 'A title', required: true };
	const parameters = { text, attributes: { attributes: [attribute] }, options: {} };
	return node('Extract', '@n8n/n8n-nodes-langchain.informationExtractor', 1.2, parameters);
};
const classifier = (inputText: string): INode => {
	const categories = ['Kites', 'Boats'].map((category) => ({ category, description: category }));
	const parameters = { inputText, categories: { categories }, options: {} };
	return node('Classify', '@n8n/n8n-nodes-langchain.textClassifier', 1.1, parameters);
};
const says = (value: object) => `[[text value=${JSON.stringify(JSON.stringify(value))}]]`;

describe("n8n's AI nodes on the AiChats Chat Model", () => {
	const runWith = async (root: INode, ...before: INode[]) => {
		const nodes = before.length === 0 ? [manualTrigger()] : before;
		const model = subNode(chatModel('openAiCompatible'), root, 'ai_languageModel');
		return await run(lab(), workflow(root.name, ...chain(...nodes, root), model));
	};

	it('Information Extractor extracts', async () => {
		const execution = await runWith(extractor(says({ title: 'Kites' })));
		expect(itemsOf(execution, 'Extract')).toMatchObject([{ json: { output: { title: 'Kites' } } }]);
	});

	it('Text Classifier sends the item to its output', async () => {
		const execution = await runWith(classifier(says({ Kites: false, Boats: true })));
		expect(itemsOf(execution, 'Classify', 0)).toEqual([]);
		expect(itemsOf(execution, 'Classify', 1)).toHaveLength(1);
	});

	/** A drawn image in the item's `data`, and what the server then saw. */
	async function seenBy(root: INode) {
		const draw = imageNode('Draw', 'kite [[size width=48 height=32]]', {
			provider: 'openAiCompatible',
		});
		const execution = await runWith(root, manualTrigger(), draw);
		expect(execution.status).toBe('success');
		const base64 = (await drawn('kite')).toString('base64');
		const asked = lab().service.requests.filter(({ path }) => path.endsWith('/chat/completions'));
		return { execution, sent: JSON.stringify(asked.map(({ body }) => body)), base64 };
	}

	it.each([3, 2.2])('AI Agent %s sees an image', async (version) => {
		const { execution, sent, base64 } = await seenBy(aiAgent('What is it?', {}, version));
		expect(sent).toContain(`data:image/png;base64,${base64}`);
		expect(itemsOf(execution, 'AI Agent')[0]?.json['output']).toContain('It came with 1 image');
	});

	it('Basic LLM Chain sees an image', async () => {
		const root = basicLlmChain('What is it?');
		const messageValues = [
			{
				type: 'HumanMessagePromptTemplate',
				messageType: 'imageBinary',
				binaryImageDataKey: 'data',
			},
		];
		const parameters = { ...root.parameters, messages: { messageValues } };
		const { sent, base64 } = await seenBy({ ...root, parameters });
		expect(sent).toContain(`data:image/png;base64,${base64}`);
	});
});
