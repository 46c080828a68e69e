import type { ProviderChunk } from '../chunks';
import { ProviderError } from '../errors';

/**
 * Passes an answer on with its model told once, and sees to it that there is one: neither text nor a
 * tool call is an error that says why.
 */
export async function* checkedAnswer(
	pieces: AsyncIterable<readonly ProviderChunk[]>,
): AsyncGenerator<ProviderChunk[]> {
	let model: string | undefined;
	let reason: string | undefined;
	let answered = false;
	const isNews = (chunk: ProviderChunk): boolean => {
		if (chunk.type === 'finish') reason = chunk.reason;
		answered ||= chunk.type === 'text' || chunk.type === 'toolCall';
		if (chunk.type !== 'model') return true;
		const isOther = chunk.model !== model;
		model = chunk.model;
		return isOther;
	};
	for await (const chunks of pieces) yield chunks.filter(isNews);
	if (!answered) throw emptyAnswer(reason);
}

function emptyAnswer(reason: string | undefined): ProviderError {
	if (reason === 'content_filter') {
		return new ProviderError('refused', "The service's content filter held the answer back");
	}
	if (reason === 'length') {
		return new ProviderError('refused', 'The token limit was used up before the answer began');
	}
	return new ProviderError('protocol', 'The service sent an empty answer');
}
