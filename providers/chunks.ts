import type { ImageResponse } from './ImageResponse';

/** Why an answer ended, in the words of OpenAI's API (`stop`, `length`, `content_filter`, `tool_calls`, …). */
export type FinishReason = string;

/** What an answer cost, in tokens, as far as the service tells. */
export interface Usage {
	promptTokens?: number;
	completionTokens?: number;
	totalTokens?: number;
	/** Of the prompt's tokens, those that came from a cache. */
	cachedTokens?: number;
	/** Of the completion's tokens, those that went into reasoning. */
	reasoningTokens?: number;
}

/** A piece of a tool call: the name comes once, the arguments' JSON in fragments, the id every time. */
export interface ToolCallDelta {
	/** Which of the answer's calls, from 0. */
	index: number;
	id: string;
	name?: string;
	arguments: string;
}

/** What a provider yields while an answer arrives, in the order of its arrival. */
export type ProviderChunk =
	| { type: 'text'; text: string }
	| { type: 'reasoning'; text: string }
	| { type: 'toolCall'; delta: ToolCallDelta }
	| { type: 'image'; image: ImageResponse }
	/** One entry for each picture, in their order; sent after them. */
	| { type: 'revisedPrompts'; prompts: Array<string | undefined> }
	| { type: 'usage'; usage: Usage }
	| { type: 'model'; model: string }
	| { type: 'finish'; reason: FinishReason };
