const MEGABYTE = 1024 * 1024;
/** As much as a socket gives at once. */
const CHUNK = 64 * 1024;

export interface Input {
	title: string;
	chunks(): Uint8Array[];
}

/** The bytes that all decoders get. */
export const INPUTS = {
	events: {
		title: 'many small events',
		chunks: () => cut(smallEvents(8 * MEGABYTE), CHUNK),
	},
	line: { title: 'one line of 10 MB', chunks: () => cut(oneLine(10 * MEGABYTE), CHUNK) },
	shortLine: { title: 'one line of 1 MB', chunks: () => cut(oneLine(MEGABYTE), CHUNK) },
	bytes: { title: 'one byte per chunk', chunks: () => cut(smallEvents(MEGABYTE / 4), 1) },
} satisfies Record<string, Input>;

export type InputName = keyof typeof INPUTS;

/** As an OpenAI-compatible server streams an answer, word by word. */
function smallEvents(size: number): string {
	const events: string[] = [];
	for (let length = 0; length < size; length += events.at(-1)?.length ?? 0) {
		const choices = [
			{ index: 0, delta: { content: ` word${events.length}` }, finish_reason: null },
		];
		const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'gpt-4o', choices };
		events.push(`data: ${JSON.stringify(chunk)}\n\n`);
	}
	return events.join('');
}

function oneLine(size: number): string {
	return `data: ${'x'.repeat(size)}\n\n`;
}

function cut(text: string, size: number): Uint8Array[] {
	const bytes = new TextEncoder().encode(text);
	const count = Math.ceil(bytes.length / size);
	return Array.from({ length: count }, (_, index) =>
		bytes.subarray(index * size, (index + 1) * size),
	);
}
