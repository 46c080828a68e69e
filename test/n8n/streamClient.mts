import type { StructuredChunk } from 'n8n-workflow';

/** One line of n8n's streamed answer, and when it was here. */
export interface ArrivedChunk extends StructuredChunk {
	/** In ms after the request. */
	after: number;
}

/** A streamed answer that can be looked at while it arrives. */
export interface StreamedAnswer {
	/** What has arrived so far. */
	chunks: ArrivedChunk[];
	/** Settles when so many chunks with text are here. */
	fragments(count: number): Promise<void>;
	/** Settles when the answer has ended. @throws Error when the connection broke */
	ended: Promise<void>;
}

/** Posts JSON to an address of n8n that answers in lines of JSON. @throws Error for another status than 200 */
export async function postForStream(url: string, body: object): Promise<StreamedAnswer> {
	const started = performance.now();
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	if (!response.ok || response.body === null) {
		throw new Error(`${url}: ${response.status} ${await response.text()}`);
	}
	const chunks: ArrivedChunk[] = [];
	let onArrival = () => {};
	const read = async () => {
		for await (const line of lines(response.body as ReadableStream<Uint8Array>)) {
			const chunk = JSON.parse(line) as StructuredChunk;
			chunks.push({ ...chunk, after: performance.now() - started });
			onArrival();
		}
	};
	return {
		chunks,
		ended: read(),
		fragments: async (count) =>
			await new Promise((resolve) => {
				onArrival = () => {
					if (fragmentsOf(chunks).length >= count) resolve();
				};
				onArrival();
			}),
	};
}

/** The text of the chunks, piece by piece; of one item where its index is given. */
export function fragmentsOf(chunks: readonly ArrivedChunk[], itemIndex?: number): string[] {
	return chunks
		.filter(({ type }) => type === 'item')
		.filter(({ metadata }) => itemIndex === undefined || metadata.itemIndex === itemIndex)
		.map(({ content = '' }) => content);
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
	let rest = '';
	for await (const text of body.pipeThrough(new TextDecoderStream())) {
		const parts = (rest + text).split('\n');
		rest = parts.pop() ?? '';
		yield* parts.filter((line) => line !== '');
	}
	if (rest !== '') throw new Error(`The answer ends in the middle of a line: ${rest}`);
}
