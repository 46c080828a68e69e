import { addUsage, emptyReply, type Reply } from '../collectReply';
import { asObject, type JsonObject } from '../decode/json';
import { ProviderError } from '../errors';
import type { Message, ResponseFormat } from '../types';
import { extractJson, NOT_JSON } from './extractJson';
import { valueFault } from './scalars';
import { checkSchema } from './validate';

/** An answer and what it means; its usage is that of all requests it took. */
export interface StructuredReply extends Reply {
	/** The JSON value. */
	output: unknown;
	/** Whether a first answer could not be used. */
	isRepaired: boolean;
	/** What of the schema was left to the service, as parts of a sentence. */
	unchecked: readonly string[];
}

/**
 * An answer whose text is JSON of the requested format. A text that is not is sent back once for repair.
 * @param ask sends a conversation and collects the answer
 * @throws ProviderError `protocol`, with the text, when the repaired answer cannot be used either; `truncated`
 * when the token limit cut the JSON, as a repair would be cut too
 */
export async function structuredReply(
	messages: readonly Message[],
	format: ResponseFormat,
	ask: (messages: readonly Message[]) => Promise<Reply>,
): Promise<StructuredReply> {
	const first = await ask(messages).catch(rejectedText);
	const read = readReply(first, format);
	if (read.ok) {
		return { ...first, output: read.value, unchecked: read.unchecked, isRepaired: false };
	}
	const request = askForRepair(messages, first.text, read.reason, format);
	const second = await ask(request)
		.catch(rejectedText)
		.catch((error: unknown) => repairFailed(error, first.text, read.reason));
	const repaired = readReply(second, format);
	if (!repaired.ok) {
		const explanation = `Even when asked for a repair: ${repaired.reason}.`;
		throw notRequested('protocol', { explanation, partialText: second.text });
	}
	return {
		...second,
		output: repaired.value,
		unchecked: repaired.unchecked,
		isRepaired: true,
		...(first.usage === undefined ? {} : { usage: addUsage(first.usage, second.usage ?? {}) }),
	};
}

/** A text that the service itself rejects as unparsable is an answer too: it may be good enough here. */
function rejectedText(error: unknown): Reply {
	const text = error instanceof ProviderError ? error.details.failedGeneration : undefined;
	if (text === undefined) throw error;
	return { ...emptyReply(), text, fragments: 1 };
}

/** Where there is no second answer, the fault of the first is reported before the second failure. */
function repairFailed(error: unknown, text: string, reason: string): never {
	if (!(error instanceof ProviderError) || error.kind === 'aborted') throw error;
	const cause = [error.message, error.details.explanation].filter(Boolean).join(': ');
	throw notRequested(error.kind, {
		...error.details,
		explanation: `${capitalized(reason)}. The request for a repair failed: ${cause}`,
		partialText: text,
	});
}

function notRequested(kind: ProviderError['kind'], details: ProviderError['details']) {
	return new ProviderError(kind, 'The answer is not the JSON that was requested', details);
}

function capitalized(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a complete object or list ends with, a fence perhaps behind it. */
const COMPLETE = /[}\]]\s*(?:```\s*)?$/;

/** @throws ProviderError `truncated` where the token limit cut the JSON */
function readReply({ text, finishReason }: Reply, format: ResponseFormat): StructuredResult {
	const read = readStructured(text, format);
	const isReadable = read.ok || !read.reason.startsWith(NOT_JSON);
	if (finishReason !== 'length' || (isReadable && COMPLETE.test(text.slice(-100)))) return read;
	throw new ProviderError('truncated', 'The token limit cut the JSON', {
		explanation: "Raise 'Max Tokens', or ask for a shorter answer.",
		partialText: text,
	});
}

/**
 * The conversation with an instruction in its system message that asks for JSON. One that holds it already is
 * not changed.
 */
export function instruct(messages: readonly Message[], format: ResponseFormat): readonly Message[] {
	if (format.type === 'text') return messages;
	const text = instruction(format);
	const [first, ...rest] = messages;
	if (first?.role !== 'system') return [{ role: 'system', content: text }, ...messages];
	if (first.content.endsWith(text)) return messages;
	return [{ ...first, content: `${first.content}\n\n${text}` }, ...rest];
}

function instruction(format: ResponseFormat): string {
	return `Answer with one JSON ${shapeOf(format)} only: no other text, no code fence.${schemaText(format)}`;
}

function shapeOf(format: ResponseFormat): string {
	if (format.type !== 'json_schema') return 'object';
	return ['array', 'object'].find((type) => type === format.schema['type']) ?? 'value';
}

function schemaText(format: ResponseFormat): string {
	if (format.type !== 'json_schema') return '';
	return ` It must fit this JSON Schema:\n${JSON.stringify(format.schema)}`;
}

/** The conversation, continued so that the model repairs an answer that could not be used. */
export function askForRepair(
	messages: readonly Message[],
	answer: string,
	reason: string,
	format: ResponseFormat,
): Message[] {
	const request = `Answer again with the corrected JSON ${shapeOf(format)} only.${schemaText(format)}`;
	return [
		...messages,
		{ role: 'assistant', content: answer },
		{ role: 'user', content: `That answer cannot be used: ${reason}. ${request}` },
	];
}

/** A value that fits, or why there is none. */
export type StructuredResult =
	| { ok: true; value: unknown; unchecked: readonly string[] }
	| { ok: false; reason: string };

/** The value that an answer holds, checked against the format; or why it cannot be used. */
export function readStructured(answer: string, format: ResponseFormat): StructuredResult {
	const schema = schemaOf(format);
	// Of the value that was looked at last: where one fits, it is that one.
	let unchecked: readonly string[] = [];
	const read = extractJson(wrapped(answer, format), (value) => {
		const unusable = valueFault(value);
		if (unusable !== undefined) return unusable;
		const check = checkSchema(value, schema);
		({ unchecked } = check);
		return check.fault;
	});
	return read.ok ? { ok: true, value: unwrapped(read.value, format), unchecked } : read;
}

/** Models often give the name alone where an object with nothing but a name was asked for. */
function wrapped(answer: string, format: ResponseFormat): string {
	const field = fieldOf(format);
	if (field === undefined || answer.includes('{')) return answer;
	return JSON.stringify({ [field]: answer.replace(/^["'`*\s]+|["'`*.\s]+$/g, '') });
}

function unwrapped(value: unknown, format: ResponseFormat): unknown {
	const field = fieldOf(format);
	return field === undefined ? value : asObject(value)?.[field];
}

function fieldOf(format: ResponseFormat): string | undefined {
	return format.type === 'json_schema' ? format.unwrap : undefined;
}

function schemaOf(format: ResponseFormat): unknown {
	if (format.type === 'json_schema') return format.schema;
	return format.type === 'json_object' ? { type: 'object' } : {};
}

/**
 * A JSON Schema that an example fits: every field required, nothing else allowed. A list may hold
 * whatever kinds of entries its example shows.
 */
export function schemaFromExample(example: unknown): JsonObject {
	if (Array.isArray(example)) return listSchema(example);
	const object = asObject(example);
	if (object === undefined) return scalarSchema(example);
	const properties = Object.entries(object).map(([name, value]) => [
		name,
		schemaFromExample(value),
	]);
	return {
		type: 'object',
		properties: Object.fromEntries(properties) as JsonObject,
		required: Object.keys(object),
		additionalProperties: false,
	};
}

function listSchema(entries: readonly unknown[]): JsonObject {
	const kinds = new Map(
		entries.map(schemaFromExample).map((schema) => [JSON.stringify(schema), schema]),
	);
	const [first, ...others] = kinds.values();
	if (first === undefined) return { type: 'array' };
	return { type: 'array', items: others.length === 0 ? first : { anyOf: [first, ...others] } };
}

function scalarSchema(value: unknown): JsonObject {
	if (typeof value === 'string') return { type: 'string' };
	if (typeof value === 'number') return { type: 'number' };
	return typeof value === 'boolean' ? { type: 'boolean' } : {};
}
