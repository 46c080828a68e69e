/** The payloads of an event stream with `\n` line ends, for tests that test something else. */
export function payloads(stream: string): string[] {
	return stream
		.split('\n')
		.filter((line) => line.startsWith('data:'))
		.map((line) => line.slice(5).replace(/^ /, ''));
}

/** The text an Ai-Chats client shows. */
export function chatText(stream: string): string {
	return payloads(stream)
		.join('')
		.replaceAll(String.raw`\n`, '\n')
		.trim();
}

export interface Chunk {
	choices: Array<{ delta: Record<string, unknown>; finish_reason: string | null }>;
	usage?: Record<string, unknown> | null;
	error?: unknown;
}

/** The chunks of an OpenAI stream, without the end marker. */
export function chunks(stream: string): Chunk[] {
	const lines = payloads(stream).filter((payload) => payload !== '[DONE]');
	return lines.map((payload) => JSON.parse(payload) as Chunk);
}

export function contentOf(stream: string, field = 'content'): string {
	return chunks(stream)
		.map(({ choices }) => choices[0]?.delta[field] ?? '')
		.join('');
}
