import { expect, test } from 'vitest';

import type { ProviderChunk } from '../../../../providers/chunks.ts';
import { readImageAnswer } from '../../../../providers/openAiCompatible/imageAnswer.ts';
import { json, MemoryTransport } from '../../../support/memoryTransport.mts';
import { collect } from '../../../support/streams.mts';

async function chunksOf(answer: unknown): Promise<ProviderChunk[]> {
	const transport = new MemoryTransport([json(answer)]);
	const request = { method: 'POST', url: 'https://a/', headers: {}, authenticated: true } as const;
	return await collect(readImageAnswer(await transport.send(request), 'A cat', transport));
}

test('the usage comes behind the pictures', async () => {
	const data = [{ url: 'https://a/b.png' }];
	const chunks = await chunksOf({ data, usage: { input_tokens: 1, output_tokens: 2 } });
	expect(chunks.map(({ type }) => type)).toEqual(['image', 'revisedPrompts', 'usage']);
	expect(chunks.at(-1)).toMatchObject({ usage: { promptTokens: 1, completionTokens: 2 } });
});

test('an answer without usage has none', async () => {
	const chunks = await chunksOf({ data: [{ url: 'https://a/b.png' }], usage: null });
	expect(chunks.map(({ type }) => type)).toEqual(['image', 'revisedPrompts']);
});
