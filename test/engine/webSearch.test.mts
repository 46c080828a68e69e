import { describe, expect, it } from 'vitest';

import { model, openAiChat } from './parameters.mts';
import { bodies } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const options = { webSearch: true };
const SOURCES = [{ url: 'https://example.com/kites', title: 'Kites' }];

describe('Web Search', () => {
	const bench = useBench();

	it.each([
		['in chat completions', 'gpt-4o-mini', { web_search_options: {} }],
		['under /responses', 'gpt-5-pro', { tools: [{ type: 'web_search' }] }],
	])('is asked for %s, and the item names the sources', async (_, id, sent) => {
		const run = await bench().run(openAiChat('a kite', { ...model(id), options }));
		expect(bodies(bench()).at(-1)).toMatchObject(sent);
		expect(run.items(NODE)).toEqual([
			{ json: expect.objectContaining({ sources: SOURCES }), pairedItem: { item: 0 } },
		]);
		expect(run.hints(NODE)).toEqual([]);
	});

	it.each([
		['citations', [{ url: 'https://example.com/kites' }]],
		['search_results', SOURCES],
	])('names the sources wherever a service puts them: %s', async (where, sources) => {
		const items = [{ json: { row: 1 } }, { json: { row: 2 } }];
		const run = await bench().run(
			openAiChat(`a kite [[sources where=${where}]]`, { options }),
			items,
		);
		expect(run.items(NODE)).toEqual(
			items.map((_, item) => ({
				json: expect.objectContaining({ sources }),
				pairedItem: { item },
			})),
		);
	});

	it('that brought no sources is noted', async () => {
		const asked = { webSearch: true, extraBody: { web_search_options: undefined } };
		const run = await bench().run(openAiChat('a kite', { options: asked }));
		expect(run.hints(NODE).map(({ message }) => message)).toEqual(['The answer names no sources']);
	});

	it('is not asked for by itself', async () => {
		await bench().run(openAiChat('a kite'));
		expect(bodies(bench())[0]).not.toHaveProperty('web_search_options');
	});
});
