import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { INode, INodeExecutionData } from 'n8n-workflow';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { drawn } from '../engine/drawnImage.mts';
import { chatNode, imageNode, PROVIDERS } from './aiWorkflows.mts';
import { itemsOf, run, runsOf, save } from './runs.mts';
import { useLab } from './useLab.mts';
import {
	calledByWorkflow,
	chain,
	editFields,
	executeWorkflow,
	ifContains,
	link,
	loopOverItems,
	manualTrigger,
	noOperation,
	readFile,
	splitOut,
	workflow,
	writeFile,
} from './workflows.mts';

const SMALL = '[[size width=48 height=32]]';
const SUBJECT = "={{ $('Subjects').item.json.subject }}";

const start = manualTrigger();

/** The first nodes of each workflow: an item for every subject. */
function subjects(...names: string[]): [INode, INode, INode] {
	const items = names.map((subject, index) => ({ subject, number: index + 1 }));
	return [start, editFields('List', { items }), splitOut('Subjects')];
}

const lab = useLab('chain');

beforeEach(() => lab().service.reset());

async function fileOf(item: INodeExecutionData | undefined): Promise<Buffer> {
	return await lab().client.binary(item?.binary?.['data']?.id as string);
}

async function expectImages(items: INodeExecutionData[], ...names: string[]): Promise<void> {
	const files = await Promise.all(items.map(fileOf));
	const expected = await Promise.all(names.map(async (name) => await drawn(name)));
	expect(files.map((file) => file.length)).toEqual(expected.map((file) => file.length));
	files.forEach((file, index) => expect(file.equals(expected[index]!)).toBe(true));
}

describe.each(PROVIDERS)('A chain of nodes with %s', (_, provider) => {
	let folder: string;
	beforeAll(async () => {
		folder = path.join(lab().folder, 'files', provider);
		await mkdir(folder, { recursive: true });
	});

	it('brings chosen images from the prompt to the disk and back, byte for byte', async () => {
		const chat = chatNode('Chat', '={{ $json.subject }}', { provider });
		const kites = ifContains('If', SUBJECT, 'kite');
		const draw = imageNode('Draw', `${SUBJECT} ${SMALL}`, {
			provider,
			parameters: { options: { fileName: "={{ 'kite ' + $('Subjects').item.json.number }}" } },
		});
		const write = writeFile('Write', `={{ "${folder}/" + $json.fileName }}`);
		const read = readFile('Read', '={{ $json.fileName }}');
		const others = noOperation('Others');
		const nodes = subjects('a red kite', 'a blue boat', 'a green kite');
		const execution = await run(
			lab(),
			workflow(
				`chain with ${provider}`,
				...chain(...nodes, chat, kites, draw, write, read),
				link(kites, others, 1),
			),
		);
		expect(execution.status).toBe('success');
		const texts = itemsOf(execution, 'Chat').map(({ json }) => json['text']);
		expect(texts).toEqual([
			expect.stringContaining('a red kite'),
			expect.stringContaining('a blue boat'),
			expect.stringContaining('a green kite'),
		]);
		expect(itemsOf(execution, 'Others').map(({ json }) => json['text'])).toEqual([texts[1]]);
		const images = itemsOf(execution, 'Draw');
		expect(images.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(images.map(({ json }) => json['fileName'])).toEqual(['kite-1.png', 'kite-3.png']);
		await expectImages(images, 'a red kite', 'a green kite');
		const again = itemsOf(execution, 'Read');
		expect(again.map(({ json }) => json['fileName'])).toEqual(['kite-1.png', 'kite-3.png']);
		expect(again[0]?.binary?.['data']?.id).not.toBe(images[0]?.binary?.['data']?.id);
		await expectImages(again, 'a red kite', 'a green kite');
	});

	it('takes the error output for failed items, with what came in', async () => {
		const more = { onError: 'continueErrorOutput' } as const;
		const chat = chatNode('Chat', '={{ $json.subject }}', { provider, more });
		const [good, bad] = [noOperation('Good'), noOperation('Bad')];
		const failing = 'a boat [[status code=400]]';
		const execution = await run(
			lab(),
			workflow(
				`error output with ${provider}`,
				...chain(...subjects('a red kite', failing, 'a green kite'), chat, good),
				link(chat, bad, 1),
			),
		);
		expect(execution.status).toBe('success');
		expect(itemsOf(execution, 'Good')).toMatchObject([
			{ json: { text: expect.stringContaining('a red kite') }, pairedItem: { item: 0 } },
			{ json: { text: expect.stringContaining('a green kite') }, pairedItem: { item: 1 } },
		]);
		expect(itemsOf(execution, 'Chat').map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 2 },
		]);
		expect(itemsOf(execution, 'Bad')).toMatchObject([
			{
				json: {
					subject: failing,
					number: 2,
					error: 'The service answered with status 400',
					errorDetails: { kind: 'http', status: 400 },
				},
			},
		]);
		expect(itemsOf(execution, 'Chat', 1)[0]?.pairedItem).toMatchObject({ item: 1 });
	});

	it('works in a sub-workflow, and its images outlive it', async () => {
		const called = calledByWorkflow();
		const chat = chatNode('Chat', '={{ $json.subject }}', { provider });
		const draw = imageNode('Draw', `={{ $json.text.slice(13, 23) }} ${SMALL}`, { provider });
		const child = await save(
			lab(),
			workflow(`child with ${provider}`, ...chain(called, chat, draw)),
		);
		await lab().client.activate(child);
		const call = executeWorkflow('Call', child.id);
		const execution = await run(
			lab(),
			workflow(`parent with ${provider}`, ...chain(...subjects('a red kite', 'a tin boat'), call)),
		);
		expect(execution.status).toBe('success');
		const items = itemsOf(execution, 'Call');
		expect(items.map(({ json }) => json['prompt'])).toEqual([
			`a red kite ${SMALL}`,
			`a tin boat ${SMALL}`,
		]);
		await expectImages(items, 'a red kite', 'a tin boat');
	});

	it('goes round in a loop over items', async () => {
		const names = ['kite 1', 'kite 2', 'kite 3', 'kite 4', 'kite 5'];
		const loop = loopOverItems('Loop', 2);
		const draw = imageNode('Draw', `={{ $json.subject }} ${SMALL}`, { provider });
		const done = noOperation('Done');
		const execution = await run(
			lab(),
			workflow(
				`loop with ${provider}`,
				...chain(...subjects(...names), loop, done),
				link(loop, draw, 1),
				link(draw, loop),
			),
		);
		expect(execution.status).toBe('success');
		expect(runsOf(execution, 'Draw')).toHaveLength(3);
		const items = itemsOf(execution, 'Done');
		expect(items.map(({ json }) => json['prompt'])).toEqual(
			names.map((name) => `${name} ${SMALL}`),
		);
		await expectImages(items, ...names);
	});
});
