import type { Usage } from '../chunks';
import type { Reply } from '../collectReply';
import { ProviderError } from '../errors';
import type { Message } from '../messages';
import type { ResponseFormat } from '../options';
import { askForRepair } from './instruct';
import { readStructured } from './readStructured';

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
