import { LineDecoder } from './LineDecoder';

/** The lines of a body, as they arrive; what stands behind the last line end is a line too. */
export async function* readLines(
	body: AsyncIterable<Uint8Array>,
	longestLine?: number,
): AsyncGenerator<string> {
	const decoder = new LineDecoder(longestLine);
	for await (const bytes of body) yield* decoder.push(bytes);
	yield* decoder.finish();
}
