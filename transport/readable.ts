import { Hash } from 'node:crypto';

/**
 * A Node.js Readable over chunks, as n8n's binary storage and its HTTP helpers take it. Community nodes may not
 * import `node:stream`, but the streams of `node:crypto` inherit its `from`.
 */
export function toReadable(chunks: AsyncIterable<Uint8Array>) {
	return Hash.from(chunks);
}
