import type { Message } from '../messages';
import type { ResponseFormat } from '../options';

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
