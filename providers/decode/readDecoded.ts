import { EventDecoder } from './EventDecoder';
import { LineDecoder } from './LineDecoder';

interface Decoder {
	push(bytes: Uint8Array): readonly string[];
	finish(): readonly string[];
}

/**
 * The lines of a body as they arrive: those that a piece of it completes, together. What stands behind
 * the last line end is a line too.
 */
export function readLines(
	body: AsyncIterable<Uint8Array>,
	longestLine?: number,
): AsyncGenerator<readonly string[]> {
	return decode(body, new LineDecoder(longestLine));
}

/** The data of the events of a body as they arrive: those that a piece of it completes, together. */
export function readEventData(
	body: AsyncIterable<Uint8Array>,
	longestLine?: number,
): AsyncGenerator<readonly string[]> {
	return decode(body, new EventDecoder(longestLine));
}

// Together, because a turn of an asynchronous loop takes longer than to decode an event.
async function* decode(
	body: AsyncIterable<Uint8Array>,
	decoder: Decoder,
): AsyncGenerator<readonly string[]> {
	for await (const bytes of body) {
		const decoded = decoder.push(bytes);
		if (decoded.length > 0) yield decoded;
	}
	const last = decoder.finish();
	if (last.length > 0) yield last;
}
