import fc from 'fast-check';
import { expect, test } from 'vitest';

import { costOf, readUsage } from './usage.ts';

test('chat’s usage in our words', () => {
	const usage = readUsage({
		prompt_tokens: 10,
		completion_tokens: 5,
		total_tokens: 15,
		prompt_tokens_details: { cached_tokens: 4 },
		completion_tokens_details: { reasoning_tokens: 2 },
	});
	expect(usage).toEqual({
		promptTokens: 10,
		completionTokens: 5,
		totalTokens: 15,
		cachedTokens: 4,
		reasoningTokens: 2,
	});
});

test('the usage of images in our words', () => {
	const usage = readUsage({
		input_tokens: 50,
		output_tokens: 1056,
		total_tokens: 1106,
		input_tokens_details: { text_tokens: 50, image_tokens: 0, cached_tokens: 1 },
	});
	expect(usage).toEqual({
		promptTokens: 50,
		completionTokens: 1056,
		totalTokens: 1106,
		cachedTokens: 1,
	});
});

test('zero is told, null and text are not', () => {
	expect(readUsage({ prompt_tokens: 0, completion_tokens: null, total_tokens: '7' })).toEqual({
		promptTokens: 0,
	});
});

test.each([undefined, null, 7, 'x', [], {}, { prompt_tokens_details: null }])(
	'%j tells nothing',
	(value) => {
		expect(readUsage(value)).toBeUndefined();
	},
);

test('whatever a service sends, what comes out are numbers', () => {
	const field = fc.constantFrom('prompt_tokens', 'output_tokens', 'total_tokens');
	fc.assert(
		fc.property(fc.dictionary(field, fc.jsonValue()), (value) => {
			for (const tokens of Object.values(readUsage(value) ?? {}))
				expect(tokens).toBeTypeOf('number');
		}),
	);
});

test.each([
	['DeepSeek', { prompt_cache_hit_tokens: 4 }, { cachedTokens: 4 }],
	['Moonshot', { cached_tokens: 4 }, { cachedTokens: 4 }],
	[
		'Anthropic',
		{ cache_read_input_tokens: 4, cache_creation_input_tokens: 5 },
		{ cachedTokens: 4, cacheWriteTokens: 5 },
	],
	[
		'OpenRouter',
		{ cost: 0.5, prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 5 } },
		{ cost: 0.5, cachedTokens: 4, cacheWriteTokens: 5 },
	],
	[
		'Perplexity',
		{ cost: { total_cost: 0.5 }, reasoning_tokens: 3 },
		{ cost: 0.5, reasoningTokens: 3 },
	],
])('the counts of %s are found', (_vendor, usage, found) => {
	expect(readUsage(usage)).toEqual(found);
});

test.each([-1, Infinity, NaN, '7', null])('a count of %j is none', (total_tokens) => {
	expect(readUsage({ total_tokens })).toBeUndefined();
});

test.each([
	['0.000123', 0.000123],
	['0', 0],
	['', undefined],
	[' ', undefined],
	['free', undefined],
	['-1', undefined],
	['Infinity', undefined],
])('a head that says %j costs %j', (written, cost) => {
	expect(costOf({ 'x-litellm-response-cost': written })).toBe(cost);
});

test('a head without a cost has none', () => {
	expect(costOf({})).toBeUndefined();
});
