import { readFile } from 'node:fs/promises';

import { expect, onTestFinished } from 'vitest';

import { type Example, withSettings } from '../../../dev/examples.mts';
import type { Execution } from '../../../dev/n8n/N8nClient.mts';
import { drawn } from '../../engine/picture.mts';
import { itemsOf } from '../runs.mts';
import { nodeOf, withNode } from './nodes.mts';
import { startReceiver } from './receiver.mts';

type Run = (workflow: Example, trigger: string) => Promise<Execution>;

const TRIGGER = 'Every morning';
const PUBLISHER = 'Publish it';
const POST = 'A post about herbs';

/** Runs the example as it is, then with its last node switched on. */
export async function expectScheduledPost(
	original: Example,
	folder: string,
	run: Run,
): Promise<void> {
	const receiver = await startReceiver();
	onTestFinished(receiver.close);
	const values = { topics: '["herbs"]', folder, publishUrl: receiver.url };
	const example = withSettings(original, values);
	expect(nodeOf(example, PUBLISHER).disabled).toBe(true);
	await expectSaved(await run(example, TRIGGER), folder);
	expect(receiver.forms).toEqual([]);

	const execution = await run(withNode(example, PUBLISHER, { disabled: false }), TRIGGER);
	const file = await expectSaved(execution, folder);
	const { output } = itemsOf(execution, 'Write the post')[0]!.json;
	expect(output).toEqual({ title: POST, text: POST, hashtags: [POST], image: POST });
	const [form] = receiver.forms;
	expect(form?.get('title')).toBe(POST);
	expect(form?.get('text')).toBe(`${POST} ${POST}`);
	const image = form?.get('image') as File;
	expect(file.equals(Buffer.from(await image.arrayBuffer()))).toBe(true);
}

/** The image that the post asks for is in the folder. @returns it */
async function expectSaved(execution: Execution, folder: string): Promise<Buffer> {
	const { fileName } = itemsOf(execution, 'Save the image')[0]!.json;
	const name = String(fileName).slice(folder.length);
	expect(name).toMatch(/^\/\d{4}-\d\d-\d\d-A-post-about-herbs\.png$/);
	const file = await readFile(String(fileName));
	expect(file.equals(await drawn(POST, { width: 1024, height: 1024 }))).toBe(true);
	return file;
}
