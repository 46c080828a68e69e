import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { drawn } from '../engine/drawnImage.mts';
import { failureOf } from '../engine/failure.mts';
import { chat, image, openAiChat, openAiImage } from '../engine/parameters.mts';
import { NODE, oneNode } from '../engine/support.mts';
import { useBench } from '../engine/useBench.mts';

const directory = path.resolve(import.meta.dirname, '../..');

describe("The built package, loaded by n8n's own loader", () => {
	const bench = useBench({ engine: { package: { directory } } });

	it.each([
		['Ai-Chats', chat],
		['an OpenAI-compatible server', openAiChat],
	])('chats with %s', async (_, ask) => {
		const run = await bench().run(ask('a red kite'));
		expect(run.items(NODE)).toMatchObject([
			{ json: { text: expect.stringContaining('a red kite') }, pairedItem: { item: 0 } },
		]);
	});

	it.each([
		['Ai-Chats', image],
		['an OpenAI-compatible server', openAiImage],
	])('draws with %s', async (_, draw) => {
		const run = await bench().run(draw('a red kite'));
		const [item] = run.items(NODE);
		expect((await run.binary(item!)).equals(await drawn('a red kite'))).toBe(true);
		expect(item?.pairedItem).toEqual({ item: 0 });
	});

	it('fails as it should', async () => {
		const failure = await failureOf(bench(), chat('kite [[captcha]]'));
		expect(failure).toMatchObject({ message: 'The service asks for a captcha' });
		expect(failure.details.kind).toBe('blocked');
	});

	it('lists models and tests credentials', async () => {
		const [node] = oneNode(openAiChat('')).nodes.slice(1);
		const { results } = await bench().engine.searchList(node!, 'searchModels');
		expect(results).toContainEqual({ name: 'gpt-4o-mini', value: 'gpt-4o-mini' });
		const { url: baseUrl } = bench().service;
		for (const type of ['aiChatsApi', 'aiChatsOpenAiCompatibleApi']) {
			const result = await bench().engine.testCredential(type, { baseUrl });
			expect(result.status).toBe('OK');
		}
	});
});
