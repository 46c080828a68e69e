import type { INode } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import type { SavedWorkflow } from '../../dev/n8n/N8nClient.mts';
import { aiAgent, chatNode, openAiChatModel, PROVIDERS } from './aiWorkflows.mts';
import { newestExecution } from './asks.mts';
import { itemsOf, runsOf, save } from './runs.mts';
import { compareFirstFragments, fragmentsOf, postForStream } from './streamClient.mts';
import { useLab } from './useLab.mts';
import {
	chain,
	chatTrigger,
	editFields,
	type Link,
	splitOut,
	streamingWebhook,
	subNode,
	workflow,
} from './workflows.mts';

const CHAT = 'AiChats';
const WORDS = ['one', ' two', ' three', ' four', ' five', ' six'];
const SIX = `[[text value="${WORDS.join('')}"]]`;

const lab = useLab('streaming');
beforeEach(() => lab().service.reset());

async function activate(name: string, ...links: Link[]): Promise<SavedWorkflow> {
	const saved = await save(lab(), workflow(name, ...links));
	await lab().client.activate(saved);
	return saved;
}

const resultsOf = async (saved: SavedWorkflow) =>
	itemsOf(await newestExecution(lab(), saved), CHAT);

/** The address at which a trigger listens. */
function urlOf({ name, type }: INode): string {
	const path = type.endsWith('chatTrigger') ? `${name}/chat` : name;
	return `${lab().n8n.url}/webhook/${path}`;
}

/** The two triggers that stream, and how to ask them. */
const TRIGGERS: Array<[string, (name: string) => INode, string, (words: string) => object]> = [
	['a Webhook', streamingWebhook, '{{ $json.body.words }}', (words) => ({ words })],
	[
		'a Chat Trigger',
		chatTrigger,
		'{{ $json.chatInput }}',
		(words) => ({ action: 'sendMessage', sessionId: 'one', chatInput: words }),
	],
];

describe.each(PROVIDERS)('Streaming from %s', (_, provider) => {
	it.each(TRIGGERS)(
		'through %s: the first fragment is here before the third is sent, and all are, once, in order',
		async (__, trigger, words, body) => {
			const start = trigger(`held-${provider}`);
			const saved = await activate(
				`held ${provider} ${start.type}`,
				...chain(start, chatNode(CHAT, `=${words}`, { provider })),
			);
			const hold = lab().service.holdAfter(2);
			const answer = await postForStream(urlOf(start), body(SIX));
			await answer.fragments(1);
			await hold.reached;
			expect(lab().service.requests[0]?.fragmentsSent).toBe(2);
			hold.release();
			await answer.ended;
			expect(fragmentsOf(answer.chunks)).toEqual(WORDS);
			const types = answer.chunks.map(({ type }) => type);
			expect([types[0], types.at(-1)]).toEqual(['begin', 'end']);
			const [item] = await resultsOf(saved);
			expect(item?.json['text']).toBe(WORDS.join(''));
		},
	);

	it('distinguishes items that are generated at the same time by their index', async () => {
		const start = streamingWebhook(`several-${provider}`);
		const items = ['kite', 'boat', 'tree'].map((subject) => ({ subject }));
		const chat = chatNode(CHAT, '={{ $json.subject }} [[pace ms=5]]', { provider });
		const saved = await activate(
			`several ${provider}`,
			...chain(start, editFields('List', { items }), splitOut('Subjects'), chat),
		);
		const answer = await postForStream(urlOf(start), {});
		await answer.ended;
		const order = answer.chunks.map(({ metadata }) => metadata.itemIndex);
		expect(order.slice(order.indexOf(2))).toContain(0);
		const results = await resultsOf(saved);
		expect(results).toHaveLength(3);
		results.forEach(({ json }, index) => {
			expect(json['text']).toContain(items[index]?.subject);
			expect(fragmentsOf(answer.chunks, index).join('')).toBe(json['text']);
			const ends = answer.chunks.filter(({ metadata }) => metadata.itemIndex === index);
			expect([ends[0]?.type, ends.at(-1)?.type]).toEqual(['begin', 'end']);
		});
	});

	it.each(['stopWorkflow', 'continueRegularOutput'] as const)(
		'ends properly when an answer breaks off, with On Error %s',
		async (onError) => {
			const start = streamingWebhook(`broken-${provider}-${onError}`);
			const chat = chatNode(CHAT, `=${SIX} [[reset-after fragments=3]]`, {
				provider,
				more: { onError },
			});
			await activate(`broken ${provider} ${onError}`, ...chain(start, chat));
			const answer = await postForStream(urlOf(start), {});
			await answer.ended;
			expect(fragmentsOf(answer.chunks)).toEqual(WORDS.slice(0, 3));
			const types = answer.chunks.map(({ type }) => type);
			expect(types).toEqual(['begin', 'item', 'item', 'item', 'error']);
			const told = answer.chunks.at(-1)?.content;
			expect(told).toContain('closed too early');
			expect(told).not.toContain(WORDS[1]);
		},
	);

	it.each(TRIGGERS)(
		"through %s is here sooner than from AI Agent with n8n's OpenAI Chat Model",
		async (label, trigger, words, body) => {
			const ours = trigger(`ours-${provider}`);
			const theirs = trigger(`theirs-${provider}`);
			const chat = chatNode(CHAT, `=${words}`, { provider });
			const agent = aiAgent(`=${words}`);
			const [mine, others] = [
				await activate(`ours ${provider} ${ours.type}`, ...chain(ours, chat)),
				await activate(
					`theirs ${provider} ${theirs.type}`,
					...chain(theirs, agent),
					subNode(openAiChatModel(), agent, 'ai_languageModel'),
				),
			];
			const contestant = (start: INode, saved: SavedWorkflow, node: INode) => ({
				name: node.name,
				url: urlOf(start),
				body: body(SIX),
				startedAt: async () =>
					runsOf(await newestExecution(lab(), saved), node.name)[0]?.startTime as number,
			});
			const { ratios, report } = await compareFirstFragments(
				contestant(ours, mine, chat),
				contestant(theirs, others, agent),
			);
			console.log(`First fragment of ${provider} through ${label}, ${report}`);
			// What n8n itself takes is the same for both, and grows with the machine's load to many times theirs.
			expect(ratios.node).toBeLessThan(1);
		},
	);
});
