import type { Reply } from '../collectReply';
import { asObject, type JsonObject, type ParseResult } from '../decode/json';
import { ProviderError } from '../errors';
import type { Message, ResponseFormat, Usage } from '../types';
import { extractJson } from './extractJson';
import { schemaFault } from './validate';

/** An answer and what it means; its usage is that of all requests it took. */
export interface StructuredReply extends Reply {
	/** The JSON value. */
	output: unknown;
}

/**
 * An answer whose text is JSON of the wished-for format. A text that is not is sent back once for repair.
 * @param ask sends a conversation and collects the answer
 * @throws ProviderError `protocol`, with the text, when the repaired answer cannot be used either
 */
export async function structuredReply(
	messages: readonly Message[],
	format: ResponseFormat,
	ask: (messages: readonly Message[]) => Promise<Reply>,
): Promise<StructuredReply> {
	const first = await ask(messages);
	const read = readStructured(first.text, format);
	if (read.ok) return { ...first, output: read.value };
	const second = await ask(askForRepair(messages, first.text, read.reason));
	const repaired = readStructured(second.text, format);
	const usage = addUsage(first.usage, second.usage);
	if (repaired.ok) {
		return { ...second, output: repaired.value, ...(usage === undefined ? {} : { usage }) };
	}
	throw new ProviderError('protocol', 'The answer is not the JSON that was asked for', {
		explanation: `Even when asked for a repair: ${repaired.reason}.`,
		partialText: second.text,
	});
}

function addUsage(first: Usage | undefined, second: Usage | undefined): Usage | undefined {
	if (first === undefined || second === undefined) return first ?? second;
	const names = new Set([...Object.keys(first), ...Object.keys(second)]) as Set<keyof Usage>;
	const sums = [...names].map((name) => [name, (first[name] ?? 0) + (second[name] ?? 0)] as const);
	return Object.fromEntries(sums);
}

/** The conversation with words, in its system message, that ask for JSON. */
export function instruct(messages: readonly Message[], format: ResponseFormat): readonly Message[] {
	if (format.type === 'text') return messages;
	const words = instruction(format);
	const [first, ...rest] = messages;
	if (first?.role !== 'system') return [{ role: 'system', content: words }, ...messages];
	return [{ ...first, content: `${first.content}\n\n${words}` }, ...rest];
}

function instruction(format: Exclude<ResponseFormat, { type: 'text' }>): string {
	const words = 'Answer with one JSON object only: no other text, no code fence.';
	if (format.type === 'json_object') return words;
	return `${words} It must fit this JSON Schema:\n${JSON.stringify(format.schema)}`;
}

/** The conversation, led on so that the model mends an answer that could not be used. */
export function askForRepair(
	messages: readonly Message[],
	answer: string,
	reason: string,
): Message[] {
	return [
		...messages,
		{ role: 'assistant', content: answer },
		{
			role: 'user',
			content: `That answer cannot be used: ${reason}. Answer again, with the corrected JSON object only.`,
		},
	];
}

/** The value that an answer holds, checked against the format; or why it cannot be used. */
export function readStructured(answer: string, format: ResponseFormat): ParseResult {
	const parsed = extractJson(answer);
	if (!parsed.ok) return parsed;
	if (format.type === 'json_object') {
		const fault = schemaFault(parsed.value, { type: 'object' });
		return fault === undefined ? parsed : { ok: false, reason: fault };
	}
	const fault =
		format.type === 'json_schema' ? schemaFault(parsed.value, format.schema) : undefined;
	return fault === undefined ? parsed : { ok: false, reason: fault };
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
