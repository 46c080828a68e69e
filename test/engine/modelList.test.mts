import type { INodeListSearchResult } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { chat, image, openAiChat, openAiImage } from './parameters.mts';
import { type Bench, oneNode } from './support.mts';
import { useBench } from './useBench.mts';

async function models(bench: Bench, parameters: ReturnType<typeof chat>, filter?: string) {
	const [node] = oneNode(parameters).nodes.slice(1);
	return await bench.engine.searchList(node!, 'searchModels', filter);
}

const names = ({ results }: INodeListSearchResult) => results.map(({ name }) => name);

describe('The list of models', () => {
	const bench = useBench();

	it('of Ai-Chats holds what the operation can use, and asks nobody', async () => {
		expect(names(await models(bench(), chat('')))).toEqual(['gpt-4']);
		expect(names(await models(bench(), image('')))).toEqual(['dalle']);
		expect(bench().service.requests).toEqual([]);
	});

	it("of an OpenAI-compatible server is the server's own, sorted", async () => {
		const { results } = await models(bench(), openAiChat(''));
		expect(results).toContainEqual({ name: 'llama3.2:1b', value: 'llama3.2:1b' });
		expect(results).toHaveLength(12);
		const found = names({ results });
		expect(found).toEqual([...found].sort());
		expect(bench().service.requests).toMatchObject([{ method: 'GET', path: '/v1/models' }]);
	});

	it('for Image begins with those that draw', async () => {
		const found = names(await models(bench(), openAiImage('')));
		expect(found.slice(0, 3)).toEqual(['dall-e-3', 'flux-schnell', 'gpt-image-2']);
		expect(found).toHaveLength(12);
	});

	it.each([
		['GPT', ['gpt-4', 'gpt-4.1', 'gpt-4o-mini', 'gpt-6-luna', 'gpt-image-2']],
		['nothing', []],
	])('is narrowed by %s', async (filter, expected) => {
		expect(names(await models(bench(), openAiChat(''), filter))).toEqual(expected);
	});
});

/** What is wrong with the server; the message; what the description says. */
const FAILURES: Array<[string, string, RegExp]> = [
	['no-models', 'The service answered with status 404', /base URL.*Not Found.*unknown_url/],
	['captcha', 'The service asks for a captcha', /Solve the captcha/],
	['status code=500', 'The service answered with status 500', /The server had an error/],
	['reset', 'The service could not be reached', /ECONNRESET/],
	['empty', 'The server lists no models', /Enter the model's ID, or check the base URL/],
];

describe.each(FAILURES)('A list that fails with %s', (directive, message, description) => {
	const bench = useBench({ service: { directives: `[[${directive}]]` } });

	it('says why', async () => {
		const listing = models(bench(), openAiChat(''));
		await expect(listing).rejects.toMatchObject({
			message,
			description: expect.stringMatching(description),
		});
	});
});

describe('A list behind a key', () => {
	const credential = { apiKey: 'sk-wrong-key-1234' };
	const bench = useBench({ service: { apiKey: 'sk-right-key-0000' }, credential });

	it('says that the key is wrong', async () => {
		await expect(models(bench(), openAiChat(''))).rejects.toMatchObject({
			message: 'The service answered with status 401',
			description: expect.stringContaining('Check the API key, the session cookie'),
		});
	});
});
