import type { Usage } from '../chunks';
import { asObject, type JsonObject } from '../decode/json';

/** A `usage` object of chat or images (OpenAI API reference) in our words; undefined when it tells nothing. */
export function readUsage(value: unknown): Usage | undefined {
	const usage = asObject(value);
	if (usage === undefined) return undefined;
	const input = firstObject(usage, 'prompt_tokens_details', 'input_tokens_details');
	const output = firstObject(usage, 'completion_tokens_details', 'output_tokens_details');
	const found: Array<[keyof Usage, number | undefined]> = [
		['promptTokens', firstNumber(usage, 'prompt_tokens', 'input_tokens')],
		['completionTokens', firstNumber(usage, 'completion_tokens', 'output_tokens')],
		['totalTokens', firstNumber(usage, 'total_tokens')],
		['cachedTokens', firstNumber(input, 'cached_tokens')],
		['reasoningTokens', firstNumber(output, 'reasoning_tokens')],
	];
	const told = found.filter(([, tokens]) => tokens !== undefined);
	return told.length === 0 ? undefined : (Object.fromEntries(told) as Usage);
}

function firstObject(object: JsonObject, ...names: string[]): JsonObject {
	return names.map((name) => asObject(object[name])).find((found) => found !== undefined) ?? {};
}

function firstNumber(object: JsonObject, ...names: string[]): number | undefined {
	return names.map((name) => object[name]).find((value) => typeof value === 'number');
}
