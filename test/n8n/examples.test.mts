import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { exampleNames, readExample, withSettings } from '../../dev/examples.mts';
import type { SavedWorkflow, WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';
import { drawn } from '../engine/drawnImage.mts';
import { createChatAndImage, expectChatAndImage } from './chatAndImage.mts';
import { expectNightlyPost, expectSeries } from './imageExamples.mts';
import {
	addressOf,
	chatRequests,
	Editor,
	expectScheduledPost,
	message,
	messageWithFile,
	newest,
	publish,
	schemaOf,
} from './publishedExamples.mts';
import { itemsOf, runsOf, save } from './runs.mts';
import { fragmentsOf, postForStream } from './streamClient.mts';
import { expectBulk, expectClassified, expectResumed } from './tableExamples.mts';
import { useLab } from './useLab.mts';

const EXAMPLES = exampleNames();
const MANUAL = "When clicking 'Execute workflow'";

const lab = useLab('examples');
let folder: string;

beforeAll(async () => {
	folder = path.join(lab().folder, 'files');
	await mkdir(folder, { recursive: true });
});
beforeEach(() => lab().service.reset());

async function runGreen(definition: WorkflowDefinition, trigger = MANUAL) {
	const execution = await lab().client.run(await save(lab(), definition), trigger);
	expect(execution.data.resultData.error).toBeUndefined();
	expect(execution.status).toBe('success');
	return execution;
}

/** Asks a published workflow and waits for the end of the answer. */
async function ask(saved: SavedWorkflow, body: object): Promise<string> {
	const answer = await postForStream(addressOf(lab(), saved), body);
	await answer.ended;
	return fragmentsOf(answer.chunks).join('');
}

describe('Imported', () => {
	let editor: Editor;
	beforeAll(async () => {
		editor = await Editor.open(lab().client);
	});

	it.each(EXAMPLES)('%s has only nodes, versions and fields that n8n knows', async (name) => {
		const { nodes } = readExample(name);
		for (const node of nodes) {
			const { parameters, issues } = editor.show(node);
			expect(parameters).toMatchObject(node.parameters);
			expect(issues).toBeNull();
		}
	});

	it.each(EXAMPLES)('%s is saved as it is', async (name) => {
		const { client } = lab();
		const definition = lab().withCredentials(readExample(name));
		const { id } = await client.createWorkflow(definition);
		const saved = await client.send<SavedWorkflow>('GET', `/workflows/${id}`);
		expect(saved.nodes).toEqual(definition.nodes);
		expect(saved.connections).toEqual(definition.connections);
	});
});

describe('Run in n8n', () => {
	it('chat-and-image draws', async () => {
		await expectChatAndImage(lab(), await createChatAndImage(lab()));
	});

	it('scheduled-post writes a post, draws its image, saves it and publishes both', async () => {
		const example = readExample('scheduled-post');
		await expectScheduledPost(example, folder, runGreen);
		await publish(lab(), example);
	});

	it('nightly-post-with-fallback asks other models, and reports when none answers', async () => {
		await expectNightlyPost(lab(), readExample('nightly-post-with-fallback'), runGreen);
	});

	it('picture-series draws every scene with the image of its character', async () => {
		await expectSeries(lab(), readExample('picture-series'), runGreen);
	});

	it('bulk-from-a-table asks four at a time and reports the rows that failed', async () => {
		await expectBulk(lab(), readExample('bulk-from-a-table'), runGreen);
	});

	it('classify-a-table keeps every row, with a class of the list and the columns', async () => {
		await expectClassified(readExample('classify-a-table'), runGreen);
	});

	it('resumable-table asks again only for rows that have no answer', async () => {
		await expectResumed(lab(), readExample('resumable-table'), runGreen);
	});

	it('describe-and-file-an-image shows the image to a model and files it by the answer', async () => {
		const example = withSettings(readExample('describe-and-file-an-image'), { folder });
		const execution = await runGreen(example);
		const [image] = itemsOf(execution, 'Draw an image');
		const bytes = await lab().client.binary(image?.binary?.['data']?.id as string);
		const [asked] = chatRequests(lab());
		const url = `data:image/png;base64,${bytes.toString('base64')}`;
		expect(asked?.messages.at(-1)?.content).toContainEqual({
			type: 'image_url',
			image_url: { url, detail: 'low' },
		});
		const [filed] = itemsOf(execution, 'File it');
		const name = `image/png of ${bytes.length} bytes`;
		expect(filed?.json['output']).toEqual({ name, description: name });
		const fileName = `${folder}/image-png-of-${bytes.length}-bytes.png`;
		expect(filed?.json['fileName']).toBe(fileName);
		expect((await readFile(fileName)).equals(bytes)).toBe(true);
	});

	it('structured-data gives a row for every letter, in the fields of the schema', async () => {
		const example = readExample('structured-data');
		const execution = await runGreen(example);
		const letters = itemsOf(execution, 'One item per letter').map(({ json }) => json['letter']);
		expect(letters.length).toBeGreaterThan(2);
		expect(itemsOf(execution, 'Row').map(({ json }) => json)).toEqual(
			letters.map((letter) => ({
				sender: letter,
				concern: 'complaint',
				urgent: true,
				products: [letter],
				summary: letter,
			})),
		);
		const schemas = chatRequests(lab()).map(
			({ response_format: format }) => format?.json_schema.schema,
		);
		expect(schemas).toEqual(letters.map(() => schemaOf(example, 'Read the letter')));
	});

	it('chat-bot streams, remembers each conversation, and shows it again', async () => {
		const saved = await publish(lab(), readExample('chat-bot'));
		const hold = lab().service.holdAfter(3);
		const first = await postForStream(addressOf(lab(), saved), message('I am Ada'));
		await first.fragments(2);
		expect(lab().service.requests[0]?.finished).toBeUndefined();
		hold.release();
		await first.ended;
		expect(await ask(saved, message('Who am I?'))).toContain('the first said: "I am Ada"');
		expect(await ask(saved, message('Who am I?', 'another'))).not.toContain('Ada');
		const body = JSON.stringify({ action: 'loadPreviousSession', sessionId: 'one' });
		const headers = { 'content-type': 'application/json' };
		const response = await fetch(addressOf(lab(), saved), { method: 'POST', headers, body });
		const { data } = (await response.json()) as { data: Array<{ kwargs: { content: string } }> };
		expect(data.map(({ kwargs }) => kwargs.content)).toEqual([
			'I am Ada',
			fragmentsOf(first.chunks).join(''),
			'Who am I?',
			expect.stringContaining('Who am I?'),
		]);
	});

	it('chat-bot-that-reads-files answers about the PDF of a message, and remembers its name', async () => {
		const saved = await publish(lab(), readExample('chat-bot-that-reads-files'));
		const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(1_000_000, 'a bill\n')]);
		// The page says what the browser takes it for; the node looks at the bytes.
		const file = new File([bytes], 'bill.pdf', { type: 'application/octet-stream' });
		const hash = createHash('sha256').update(bytes).digest('hex');
		const seen = `application/pdf "bill.pdf" of ${bytes.length} bytes (SHA-256 ${hash})`;
		expect(await ask(saved, messageWithFile('How much is it?', file))).toContain(seen);
		expect((await newest(lab(), saved)).status).toBe('success');
		const second = await ask(saved, message('And when is it due?'));
		expect(second).toContain('the first said: "How much is it?\n\n[Attached: bill.pdf]"');
		expect(second).not.toContain('It came with');
		expect(chatRequests(lab())).toHaveLength(2);
	});

	it('agent-with-chat-model calls its tool and streams what comes of it', async () => {
		const saved = await publish(lab(), readExample('agent-with-chat-model'));
		const text = await ask(saved, message('Use the Calculator to work out "17 * 23"'));
		expect(text).toMatch(/The tool answered: .*391/);
		const execution = await newest(lab(), saved);
		const [calculated] = runsOf(execution, 'Calculator');
		expect(calculated?.inputOverride?.ai_tool?.[0]?.[0]?.json).toEqual({ input: '17 * 23' });
		const [, second] = chatRequests(lab());
		expect(second?.messages.at(-1)).toMatchObject({
			role: 'tool',
			content: expect.stringContaining('391'),
		});
		expect(itemsOf(execution, 'AI Agent')[0]?.json['output']).toBe(text);
	});

	it('agent-with-aichats-tools draws, asks the expert, and says where the image is', async () => {
		const execution = await runGreen(readExample('agent-with-aichats-tools'));
		const [drew] = runsOf(execution, 'Draw an image');
		const [told] = runsOf(execution, 'Ask the expert');
		expect(told?.data?.['ai_tool']?.[0]?.[0]?.json['text']).toContain('why do lighthouses flash?');
		const url = String(drew?.data?.['ai_tool']?.[0]?.[0]?.json['url']);
		expect(itemsOf(execution, 'AI Agent')[0]?.json['output']).toContain(url);
		const { pathname, search } = new URL(url);
		const response = await fetch(`${lab().n8n.url}${pathname}${search}`);
		const file = Buffer.from(await response.arrayBuffer());
		const expected = await drawn('a lighthouse at dusk, watercolour', {
			width: 1024,
			height: 1024,
		});
		expect(file.equals(expected)).toBe(true);
	});

	it('streaming-webhook sends the answer on while it is written', async () => {
		const saved = await publish(lab(), readExample('streaming-webhook'));
		const hold = lab().service.holdAfter(3);
		const answer = await postForStream(addressOf(lab(), saved), { prompt: 'a red kite' });
		await answer.fragments(2);
		expect(lab().service.requests[0]?.finished).toBeUndefined();
		hold.release();
		await answer.ended;
		expect(fragmentsOf(answer.chunks).join('')).toMatch(/^A picture of a red kite:/);
		expect(answer.chunks.map(({ type }) => type)).toEqual([
			'begin',
			...fragmentsOf(answer.chunks).map(() => 'item'),
			'end',
		]);
	});

	it('none is left out', ({ task }) => {
		const names = task.suite?.tasks.map(({ name }) => name.split(' ')[0]);
		expect(names).toEqual(expect.arrayContaining(EXAMPLES));
	});
});
