import { asObject, asText } from '../../providers/decode/json';
import type { Usage } from '../../providers/types';
import type { CallOptions } from './AiChatsChatModel';

/**
 * The parts of n8n's adapter between LangChain and the SDK that are mended here. It belongs to n8n, and
 * any part may be missing in another version; what is missing is left alone.
 */
interface Adapter {
	_generate?: (messages: unknown[], options?: object, ...rest: unknown[]) => Promise<unknown>;
	_streamResponseChunks?: (
		messages: unknown[],
		options?: object,
		...rest: unknown[]
	) => AsyncGenerator<unknown>;
	bindTools?: (...parameters: unknown[]) => unknown;
	callbacks?: unknown;
}

/**
 * Mends what n8n's adapter (@n8n/ai-utilities 0.14 of n8n 2.20 to 0.34 of n8n 2.41) loses: it drops content
 * blocks that it does not know, `image_url` among them, and does not find the token counts of a streamed
 * answer, nor a place for its reasoning.
 * @returns the same object
 */
export function mendAdapter<Model>(model: Model): Model {
	const adapter = asObject(model) as Adapter | undefined;
	if (adapter === undefined) return model;
	mendMessages(adapter);
	mendTokenCounts(adapter);
	const { bindTools } = adapter;
	if (typeof bindTools === 'function') {
		adapter.bindTools = (...parameters) => mendAdapter(bindTools.apply(adapter, parameters));
	}
	return model;
}

function mendMessages(adapter: Adapter): void {
	const { _generate: generate, _streamResponseChunks: stream } = adapter;
	if (typeof generate === 'function') {
		adapter._generate = async (messages, options, ...rest) => {
			const noted = new CallUsage();
			const sent = messages.map(withEveryBlock);
			const result = await generate.call(adapter, sent, noted.listeningTo(options), ...rest);
			const { generations } = (asObject(result) ?? {}) as { generations?: unknown[] };
			generations?.forEach((generation) => {
				flatten(generation);
				noted.noteOn(generation);
			});
			return result;
		};
	}
	if (typeof stream === 'function') {
		adapter._streamResponseChunks = async function* (messages, options, ...rest) {
			const noted = new CallUsage();
			const sent = messages.map(withEveryBlock);
			const chunks = stream.call(adapter, sent, noted.listeningTo(options), ...rest);
			for await (const chunk of chunks) {
				flatten(chunk);
				noted.noteOn(chunk);
				yield chunk;
			}
		};
	}
}

/**
 * Makes text of a content of blocks, as the chat models of n8n have it: the output parsers of n8n 2.20 write
 * blocks down as JSON. Reasoning goes where those models have it, and agents look for it.
 * @param generation LangChain's `ChatGeneration`, or a chunk of one
 */
function flatten(generation: unknown): void {
	const message = asObject(asObject(generation)?.['message']);
	const content = message?.['content'];
	if (message === undefined || !Array.isArray(content)) return;
	const blocks = content.map((block: unknown) => asObject(block) ?? {});
	if (!blocks.every(({ type }) => type === 'text' || type === 'reasoning')) return;
	const join = (field: string) => blocks.map((block) => asText(block[field]) ?? '').join('');
	message['content'] = join('text');
	const reasoning = join('reasoning');
	if (reasoning === '') return;
	const others = asObject(message['additional_kwargs']);
	message['additional_kwargs'] = { ...others, reasoning_content: reasoning };
}

/** Blocks that the adapter passes on completely. */
const KNOWN_BLOCKS = new Set([
	'text',
	'reasoning',
	'tool_call',
	'invalid_tool_call',
	'non_standard',
]);

/** The message, with unknown blocks wrapped in the only type whose content the adapter passes on as it is. */
function withEveryBlock(message: unknown): unknown {
	const content = asObject(message)?.['content'];
	if (!Array.isArray(content) || content.every(isKnown)) return message;
	const blocks = content.map((block: unknown) => {
		if (typeof block === 'string') return { type: 'text', text: block };
		return isKnown(block) ? block : { type: 'non_standard', value: block };
	});
	// A copy of the same class, because the adapter checks it; the original belongs to the caller.
	return Object.create(Object.getPrototypeOf(message) as object, {
		...Object.getOwnPropertyDescriptors(message as object),
		content: { value: blocks, enumerable: true, writable: true, configurable: true },
	});
}

function isKnown(block: unknown): boolean {
	return KNOWN_BLOCKS.has(String(asObject(block)?.['type']));
}

/** What one call cost, noted where n8n's log looks for it. */
class CallUsage {
	private usage: Usage | undefined;

	listeningTo(options: object = {}): CallOptions & object {
		return { ...options, onUsage: (usage) => void (this.usage = usage) };
	}

	/** @param generation LangChain's `ChatGeneration`, or the last chunk of one */
	noteOn(generation: unknown): void {
		const target = asObject(generation);
		if (target === undefined || this.usage === undefined) return;
		target['generationInfo'] = { ...asObject(target['generationInfo']), tokenUsage: this.usage };
		this.usage = undefined;
	}
}

/** n8n's log finds the counts only of answers that did not stream; otherwise it shows an estimate. */
function mendTokenCounts({ callbacks }: Adapter): void {
	if (!Array.isArray(callbacks)) return;
	for (const callback of callbacks) {
		const options = asObject(asObject(callback)?.['options']);
		if (typeof options?.['tokensUsageParser'] !== 'function') continue;
		options['tokensUsageParser'] = tokenCounts;
	}
}

interface TokenCounts {
	promptTokens: number;
	completionTokens: number;
	totalTokens: number;
	/** In US dollars; n8n knows it from 2.41 on. */
	cost?: number;
}

/** @param result LangChain's `LLMResult` */
export function tokenCounts(result: unknown): TokenCounts {
	const { generations, llmOutput } = asObject(result) ?? {};
	const [[generation] = []] = (Array.isArray(generations) ? generations : []) as unknown[][];
	const usage = asObject(asObject(asObject(generation)?.['generationInfo'])?.['tokenUsage']) ?? {};
	const counted = { ...asObject(asObject(llmOutput)?.['tokenUsage']), ...usage };
	const count = (...names: string[]): number =>
		names.map((name) => counted[name]).find((value) => typeof value === 'number') ?? 0;
	const promptTokens = count('promptTokens', 'input_tokens');
	const completionTokens = count('completionTokens', 'output_tokens');
	const { cost } = usage;
	return {
		promptTokens,
		completionTokens,
		totalTokens: promptTokens + completionTokens,
		...(typeof cost === 'number' ? { cost } : {}),
	};
}
