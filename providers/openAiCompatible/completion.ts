import { asObject, asText, type JsonObject } from '../decode/json';
import { MAX_IMAGES, tooLargeError, tooManyImages } from '../errors';
import type { ProviderChunk } from '../types';
import { readMessage, REASONING_FIELDS, refusalOf, Sources } from './message';
import { BETWEEN_PARTS } from './responses';
import { ToolCalls } from './toolCalls';
import { costOf, readUsage, usageOf } from './usage';

/** Names are short; what is longer is an attack. In UTF-16 code units. */
const MAX_NAME_LENGTH = 200;
/** Nobody reads more of a refusal. In UTF-16 code units. */
export const MAX_REFUSAL_LENGTH = 64 * 1024;
/** Of all images that come inside an answer, in bytes of their base64. */
const MAX_IMAGE_BYTES = 256 * 1024 * 1024;

const ANSWERS: ReadonlyArray<ProviderChunk['type']> = ['text', 'reasoning', 'toolCall', 'image'];

/** Why a service could not bring an answer to its end. */
export interface Failure {
	/** The `finish_reason` that says so. */
	reason: string;
	/** The error object that came with it, as JSON; empty where there is none. */
	error: string;
}

/**
 * Reads a chat completion, or the chunks of a streamed one, into provider chunks: both hold the same things,
 * the one in `message`, the other in `delta` (OpenAI API reference, chat). Only the first choice counts:
 * text assembled from several choices would be garbled.
 */
export class CompletionReader {
	/** Why the answer ended, as OpenAI names it. */
	finishReason: string | undefined;
	/** Set once the service has reported that the answer failed. */
	failure: Failure | undefined;
	/** With which the model declines to answer. */
	refusal = '';
	/** Which kinds of chunks the answer has brought. */
	readonly brought = new Set<ProviderChunk['type']>();

	private readonly toolCalls = new ToolCalls();
	private readonly sources = new Sources();
	private readonly images = new Set<string>();
	private imageBytes = 0;
	private model: string | undefined;
	/** The choice that is read. */
	private choice: number | undefined;
	private readonly cost: number | undefined;

	/** @param prompt what images are made from */
	constructor(
		headers: Record<string, string>,
		private readonly prompt: string,
	) {
		this.cost = costOf(headers);
	}

	/** Whether there is an answer, or a reason why there is none. */
	get hasAnswer(): boolean {
		if (this.finishReason !== undefined) return true;
		return ANSWERS.some((type) => this.brought.has(type));
	}

	/** Appends what the completion, or one chunk of it, says. @throws ProviderError `refused` over a limit */
	read(completion: JsonObject, chunks: ProviderChunk[]): void {
		const before = chunks.length;
		const model = nameOf(completion['model']);
		if (model !== undefined && model !== this.model) chunks.push({ type: 'model', model });
		this.model = model ?? this.model;
		const choice = this.choiceOf(completion['choices']);
		if (choice !== undefined) this.readChoice(choice, completion, chunks);
		this.sources.add(completion['search_results']);
		this.sources.add(completion['citations']);
		const reported = usageOf(completion, choice);
		const usage = reported === undefined ? undefined : readUsage(reported, this.cost);
		if (usage !== undefined) chunks.push({ type: 'usage', usage });
		let kept = before;
		for (let index = before; index < chunks.length; index++) {
			const chunk = chunks[index];
			if (chunk !== undefined && !this.isRepeated(chunk)) chunks[kept++] = chunk;
		}
		chunks.length = kept;
	}

	/** Appends what is known only at the end. @throws ProviderError for tool calls that cannot be used */
	finish(chunks: ProviderChunk[]): void {
		if (this.toolCalls.calls.length > 0) this.toolCalls.finish(this.finishReason, chunks);
		const { all } = this.sources;
		if (all.length > 0) chunks.push({ type: 'sources', sources: all });
		if (this.cost !== undefined && !this.brought.has('usage')) {
			chunks.push({ type: 'usage', usage: { cost: this.cost } });
		}
		for (const { type } of chunks) this.brought.add(type);
	}

	private choiceOf(choices: unknown): JsonObject | undefined {
		if (!Array.isArray(choices)) return undefined;
		for (let position = 0; position < choices.length; position++) {
			const choice = asObject(choices[position]);
			if (choice === undefined) continue;
			const index = typeof choice['index'] === 'number' ? choice['index'] : position;
			this.choice ??= index;
			if (index === this.choice) return choice;
		}
		return undefined;
	}

	private readChoice(choice: JsonObject, completion: JsonObject, chunks: ProviderChunk[]): void {
		const before = chunks.length;
		const delta = asObject(choice['delta']);
		if (delta !== undefined) this.readSaid(delta, completion, chunks);
		const message = asObject(choice['message']);
		if (message !== undefined)
			this.readSaid(this.unsaid(message, chunks, before), completion, chunks);
		const text = asText(choice['text']);
		if (text !== undefined && !holds(chunks, before, 'text')) chunks.push({ type: 'text', text });
		const logprobs = asObject(choice['logprobs'])?.['content'];
		if (Array.isArray(logprobs) && logprobs.length > 0) chunks.push({ type: 'logprobs', logprobs });
		this.readEnd(choice, chunks);
	}

	private readSaid(said: JsonObject, completion: JsonObject, chunks: ProviderChunk[]): void {
		readMessage(said, this.prompt, chunks);
		const { tool_calls: calls, function_call: legacy, annotations, citations } = said;
		if (Array.isArray(calls)) this.toolCalls.read(calls, idOf(completion), chunks);
		else if (asObject(legacy) !== undefined) {
			this.toolCalls.read([{ index: 0, function: legacy }], idOf(completion), chunks);
		}
		this.sources.add(annotations);
		this.sources.add(citations);
		this.refusal += refusalOf(said);
	}

	/** Of a message at the end of a stream: what the deltas have not said already. */
	private unsaid(
		message: JsonObject,
		chunks: readonly ProviderChunk[],
		before: number,
	): JsonObject {
		const hasBrought = (type: ProviderChunk['type']) =>
			this.brought.has(type) || holds(chunks, before, type);
		const said = { ...message };
		const { content } = message;
		if (hasBrought('text')) {
			const parts: unknown[] = Array.isArray(content) ? content : [];
			said['content'] = parts.filter((part) => asObject(part)?.['image_url'] !== undefined);
		}
		const repeated: string[] = [
			...(hasBrought('reasoning') ? REASONING_FIELDS : []),
			...(hasBrought('toolCall') ? ['tool_calls', 'function_call'] : []),
			...(this.refusal === '' ? [] : ['refusal']),
		];
		return Object.fromEntries(Object.entries(said).filter(([name]) => !repeated.includes(name)));
	}

	private readEnd(choice: JsonObject, chunks: ProviderChunk[]): void {
		const given = nameOf(choice['finish_reason']);
		const error = choice['error'];
		if (isFailure(given) || isError(error)) {
			const body = isError(error) ? JSON.stringify({ error }) : '';
			this.failure = { reason: given ?? 'error', error: body };
		} else if (given !== undefined) {
			const reason = finishReason(given);
			this.finishReason = reason;
			chunks.push({ type: 'finish', reason });
		}
	}

	/** Notes what was brought. Whether a chunk says nothing new: images that come with a delta may come again with the message at the end. */
	private isRepeated(chunk: ProviderChunk): boolean {
		const isSeparator = chunk.type === 'reasoning' && chunk.text === BETWEEN_PARTS;
		if (isSeparator && !this.brought.has('reasoning')) return true;
		this.brought.add(chunk.type);
		if (chunk.type !== 'image') return false;
		const [link = ''] = chunk.image.images;
		if (this.images.has(link)) return true;
		this.images.add(link);
		this.imageBytes += link.length;
		if (this.images.size > MAX_IMAGES) throw tooManyImages();
		if (this.imageBytes > MAX_IMAGE_BYTES) {
			throw tooLargeError('The answer with its images', MAX_IMAGE_BYTES);
		}
		return false;
	}
}

function holds(
	chunks: readonly ProviderChunk[],
	from: number,
	type: ProviderChunk['type'],
): boolean {
	for (let index = from; index < chunks.length; index++) {
		if (chunks[index]?.type === type) return true;
	}
	return false;
}

/** Whether a value of an `error` field reports one: some servers send an empty one with every answer. */
export function isError(value: unknown): boolean {
	if (value === undefined || value === null || value === false || value === 0) return false;
	if (typeof value === 'string') return value !== '';
	return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** `error` (OpenRouter), `abort` (vLLM, SGLang), `network_error` (Zhipu), `insufficient_system_resource` (DeepSeek). */
function isFailure(reason: string | undefined): boolean {
	return reason !== undefined && /error|abort|cancel|fail|insufficient|timeout/i.test(reason);
}

/** The two reasons that callers act on, as OpenAI names them: Gemini and gateways have their own names. */
function finishReason(reason: string): string {
	if (/^(max_?(output_?|new_?)?tokens|length)$/i.test(reason)) return 'length';
	if (/content_?filter|safety|prohibited|blocklist|recitation|spii|sensitive/i.test(reason)) {
		return 'content_filter';
	}
	return reason === 'function_call' ? 'tool_calls' : reason;
}

function nameOf(value: unknown): string | undefined {
	return asText(value)?.slice(0, MAX_NAME_LENGTH);
}

/** The end of the answer's id, for the ids of tool calls that come without one. */
function idOf({ id }: JsonObject): string {
	return (asText(id) ?? '')
		.slice(-MAX_NAME_LENGTH)
		.replace(/[^a-z0-9]/gi, '')
		.slice(-12);
}
