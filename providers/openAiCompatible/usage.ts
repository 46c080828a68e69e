import { asObject, type JsonObject } from '../decode/json';
import type { Usage } from '../types';

/**
 * A `usage` object of chat or images in our names; undefined when it holds nothing. Besides OpenAI's
 * fields (API reference, chat and images) it knows those by which other vendors count their caches
 * (Anthropic, DeepSeek, Moonshot, OpenRouter) and tell the cost (OpenRouter, Perplexity).
 * @param cost in US dollars, as another place of the answer tells it
 */
export function readUsage(value: unknown, cost?: number): Usage | undefined {
	const usage = asObject(value) ?? {};
	const input = firstObject(usage, 'prompt_tokens_details', 'input_tokens_details');
	const output = firstObject(usage, 'completion_tokens_details', 'output_tokens_details');
	const counts: Record<keyof Usage, number | undefined> = {
		promptTokens: count(usage, 'prompt_tokens', 'input_tokens'),
		completionTokens: count(usage, 'completion_tokens', 'output_tokens'),
		totalTokens: count(usage, 'total_tokens'),
		cachedTokens:
			count(input, 'cached_tokens', 'cache_read_tokens') ??
			count(usage, 'cached_tokens', 'prompt_cache_hit_tokens', 'cache_read_input_tokens'),
		cacheWriteTokens:
			count(input, 'cache_write_tokens', 'cache_creation_tokens') ??
			count(usage, 'cache_creation_input_tokens', 'cache_write_tokens'),
		reasoningTokens: count(output, 'reasoning_tokens') ?? count(usage, 'reasoning_tokens'),
		cost:
			count(usage, 'cost', 'total_cost') ?? count(asObject(usage['cost']), 'total_cost') ?? cost,
	};
	const found = Object.entries(counts).filter(([, amount]) => amount !== undefined);
	return found.length === 0 ? undefined : Object.fromEntries(found);
}

/**
 * Where a completion, or one chunk of it, holds its usage: beside the choices, in the choice (Moonshot)
 * or in a field of the vendor's own (Groq).
 */
export function usageOf(completion: JsonObject, choice: JsonObject | undefined): unknown {
	return (
		asObject(completion['usage']) ??
		asObject(choice?.['usage']) ??
		asObject(asObject(completion['x_groq'])?.['usage'])
	);
}

/** LiteLLM tells what an answer cost, in US dollars, only in its head. */
export function costOf(headers: Record<string, string>): number | undefined {
	const written = headers['x-litellm-response-cost'] ?? '';
	return written.trim() === '' ? undefined : amountOf(Number(written));
}

function firstObject(object: JsonObject, ...names: string[]): JsonObject {
	return names.map((name) => asObject(object[name])).find((found) => found !== undefined) ?? {};
}

function count(object: JsonObject | undefined, ...names: string[]): number | undefined {
	return names.map((name) => amountOf(object?.[name])).find((amount) => amount !== undefined);
}

/** What is negative or infinite (1e999) counts nothing, and n8n could not store it. */
function amountOf(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
