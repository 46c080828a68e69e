import type { ProviderChunk } from './chunks';
import { ProviderError, toProviderError } from './errors';

/**
 * Passes an answer on chunk by chunk; when it fails after text has arrived, the error carries that text and is no
 * longer retryable, for asking again would send it twice.
 * @param pieces the chunks that each piece of the body brought: taken together as far as here, because
 * a turn of an asynchronous loop takes longer than to read a chunk
 * @param largest most text to take, in bytes of UTF-8
 * @throws ProviderError also `refused` for an answer that is larger
 */
export async function* withPartialText(
	pieces: AsyncIterable<readonly ProviderChunk[]>,
	largest = Infinity,
): AsyncGenerator<ProviderChunk> {
	const fragments: string[] = [];
	let bytes = 0;
	try {
		for await (const chunks of pieces) {
			for (const chunk of chunks) {
				if ('text' in chunk) bytes += Buffer.byteLength(chunk.text);
				if (bytes > largest) throw tooLarge(largest);
				if (chunk.type === 'text') fragments.push(chunk.text);
				yield chunk;
			}
		}
	} catch (error) {
		throw toProviderError(error).afterText(fragments.join(''));
	}
}

function tooLarge(largest: number): ProviderError {
	return new ProviderError('refused', `The answer is larger than ${largest} bytes`);
}
