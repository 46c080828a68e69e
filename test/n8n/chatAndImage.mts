import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { IBinaryData } from 'n8n-workflow';
import { expect } from 'vitest';

import type { Lab } from '../../dev/n8n/Lab.mts';
import type { SavedWorkflow, WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';

const EXAMPLE = path.resolve(import.meta.dirname, '../../examples/chat-and-image.json');
export const TRIGGER = "When clicking 'Execute workflow'";

/** Saves the example workflow: a Chat node that writes a prompt, and an Image node that draws it. */
export async function createChatAndImage(lab: Lab): Promise<SavedWorkflow> {
	const example = JSON.parse(await readFile(EXAMPLE, 'utf8')) as WorkflowDefinition;
	return await lab.client.createWorkflow(lab.withCredentials(example));
}

/** Runs it and checks its text, its image as n8n stores it, and what the service received. */
export async function expectChatAndImage(lab: Lab, workflow: SavedWorkflow): Promise<void> {
	const { client, service } = lab;
	const asked = service.requests.length;
	const { status, data } = await client.run(workflow, TRIGGER);
	expect(status).toBe('success');
	const { runData } = data.resultData;
	const [text] = runData['Write an image prompt']?.[0]?.data?.['main']?.[0] ?? [];
	expect(text?.json['text']).toMatch(/lighthouse at dusk/);
	const [image] = runData['Draw it']?.[0]?.data?.['main']?.[0] ?? [];
	expect(image?.pairedItem).toEqual({ item: 0 });
	const bytes = await fileOf(lab, image?.binary?.['data'] as IBinaryData);
	expect(bytes.subarray(1, 4).toString()).toBe('PNG');
	expect(bytes).toHaveLength(image?.json['bytes'] as number);
	expect(service.requests.slice(asked).map(({ origin }) => origin)).toEqual([
		'service',
		'service',
		'images',
	]);
}

/** By default newer ones keep files in a storage, older ones in the item. */
async function fileOf({ client }: Lab, { id, data }: IBinaryData): Promise<Buffer> {
	return id === undefined ? Buffer.from(data, 'base64') : await client.binary(id);
}
