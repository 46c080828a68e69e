import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';
import { useLab } from './useLab.mts';

const EXAMPLE = path.resolve(import.meta.dirname, '../../examples/chat-and-image.json');

/** What must work in every n8n that the package supports. */
describe('The packed package in n8n', () => {
	const lab = useLab('smoke');

	it('chats and draws', async () => {
		const { client, service } = lab();
		const example = JSON.parse(await readFile(EXAMPLE, 'utf8')) as WorkflowDefinition;
		const workflow = await client.createWorkflow(lab().withCredentials(example));
		const { status, data } = await client.run(workflow, "When clicking 'Execute workflow'");
		expect(status).toBe('success');
		const { runData } = data.resultData;
		const [text] = runData['Write an image prompt']?.[0]?.data?.['main']?.[0] ?? [];
		expect(text?.json['text']).toMatch(/lighthouse at dusk/);
		const [picture] = runData['Draw it']?.[0]?.data?.['main']?.[0] ?? [];
		expect(picture?.pairedItem).toEqual({ item: 0 });
		const bytes = await client.binary(picture?.binary?.['data']?.id as string);
		expect(bytes.subarray(1, 4).toString()).toBe('PNG');
		expect(bytes).toHaveLength(picture?.json['bytes'] as number);
		expect(service.requests.map(({ origin }) => origin)).toEqual([
			'service',
			'service',
			'pictures',
		]);
	});
});
