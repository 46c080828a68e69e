export interface Usage {
	prompt_tokens: number;
	completion_tokens: number;
	total_tokens: number;
	prompt_tokens_details: { cached_tokens: number };
	completion_tokens_details: { reasoning_tokens: number };
}

/** A rule of thumb, so that a test can foretell the numbers. */
export function countTokens(text: string): number {
	return Math.ceil(text.length / 4);
}

export function countUsage(input: string, output: string, reasoning: string): Usage {
	const promptTokens = countTokens(input);
	const reasoningTokens = countTokens(reasoning);
	const completionTokens = countTokens(output) + reasoningTokens;
	return {
		prompt_tokens: promptTokens,
		completion_tokens: completionTokens,
		total_tokens: promptTokens + completionTokens,
		prompt_tokens_details: { cached_tokens: 0 },
		completion_tokens_details: { reasoning_tokens: reasoningTokens },
	};
}
