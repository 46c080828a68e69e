import { asObject, asText, type JsonObject } from '../decode/json';
import type { ProviderChunk, ToolCallDelta, Usage } from '../types';

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

/** A call as it is told on: what its fragments are put together by. */
type Identity = Pick<ToolCallDelta, 'index' | 'id'>;

/**
 * Tool call fragments with an id on every one: servers send it only with the first fragment, some not
 * at all, and whoever puts the fragments together needs it each time.
 */
export class ToolCallIds {
	/** The calls whose fragments come now, under the server's index. */
	private readonly calls = new Map<number, Identity>();
	private readonly taken = new Set<number>();

	/** The deltas in a `tool_calls` list of a message or a delta. */
	deltas(toolCalls: unknown): ToolCallDelta[] {
		if (!Array.isArray(toolCalls)) return [];
		return toolCalls.map((call, position) => this.delta(asObject(call) ?? {}, position));
	}

	private delta(call: JsonObject, position: number): ToolCallDelta {
		const index = typeof call['index'] === 'number' ? call['index'] : position;
		const { name: given, arguments: fragment } = asObject(call['function']) ?? {};
		const name = asText(given);
		return {
			...this.identity(index, asText(call['id']), name !== undefined),
			...(name === undefined ? {} : { name }),
			arguments: typeof fragment === 'string' ? fragment : fragmentOf(fragment),
		};
	}

	/**
	 * Some servers number every call 0: there a name with an id of its own begins another call. Others
	 * send another id with each fragment: without a name it is the same call.
	 */
	private identity(index: number, id: string | undefined, isNamed: boolean): Identity {
		const known = this.calls.get(index);
		const isOther = isNamed && id !== undefined && id !== known?.id;
		if (known !== undefined && !isOther) return known;
		const free = this.freeIndex(index);
		const call = { index: free, id: id ?? `call_${free}` };
		this.calls.set(index, call);
		this.taken.add(free);
		return call;
	}

	private freeIndex(wished: number): number {
		let index = wished;
		while (this.taken.has(index)) index += 1;
		return index;
	}
}

/** Some servers send the arguments as an object instead of its JSON. */
function fragmentOf(value: unknown): string {
	return asObject(value) === undefined ? '' : JSON.stringify(value);
}

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
