import type { ProviderChunk } from '../chunks';
import { asObject, asText, type JsonObject } from '../decode/json';
import { readUsage } from './usage';
import type { ToolCallIds } from './ToolCallIds';

/**
 * A chat completion, or one chunk of a streamed one, as chunks: both hold the same things, the one in
 * `message`, the other in `delta` (OpenAI API reference, chat).
 */
export function* completionChunks(
	completion: JsonObject,
	ids: ToolCallIds,
): Generator<ProviderChunk> {
	const model = asText(completion['model']);
	if (model !== undefined) yield { type: 'model', model };
	const choice = firstChoice(completion);
	if (choice !== undefined) yield* choiceChunks(choice, ids);
	const usage = readUsage(completion['usage']);
	if (usage !== undefined) yield { type: 'usage', usage };
}

/** The words, or one chunk of them, with which the model declines to answer; empty when it does not. */
export function refusalText(completion: JsonObject): string {
	return asText(saidIn(firstChoice(completion))['refusal']) ?? '';
}

function firstChoice({ choices }: JsonObject): JsonObject | undefined {
	return asObject(Array.isArray(choices) ? choices[0] : undefined);
}

function saidIn(choice: JsonObject | undefined): JsonObject {
	return asObject(choice?.['delta']) ?? asObject(choice?.['message']) ?? {};
}

function* choiceChunks(choice: JsonObject, ids: ToolCallIds): Generator<ProviderChunk> {
	const said = saidIn(choice);
	const reasoning = asText(said['reasoning_content']) ?? asText(said['reasoning']);
	if (reasoning !== undefined) yield { type: 'reasoning', text: reasoning };
	const text = contentText(said['content']) || (asText(choice['text']) ?? '');
	if (text !== '') yield { type: 'text', text };
	for (const delta of ids.deltas(said['tool_calls'])) yield { type: 'toolCall', delta };
	const reason = asText(choice['finish_reason']);
	if (reason !== undefined) yield { type: 'finish', reason };
}

/** Content is a string; some servers send a list of parts. */
function contentText(content: unknown): string {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content)) return '';
	return content.map((part) => asText(asObject(part)?.['text']) ?? '').join('');
}
