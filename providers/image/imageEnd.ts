import { ProviderError } from '../errors';
import { has, type ImageFormat } from './format';

/** Some writers add a few bytes after the end. */
const TAIL_BYTES = 4096;

type EndTest = (tail: Uint8Array, size: number, head: Uint8Array) => boolean;

/** How each format shows that a file is complete; AVIF does so only in a box that may stand anywhere. */
const ENDS: Record<ImageFormat['extension'], EndTest> = {
	/** PNG specification, 11.2.5: the chunk IEND is the last. */
	png: (tail) => lastIndexOf(tail, 'IEND\xae\x42\x60\x82') >= 0,
	/** ITU-T T.81, B.1.1.3: the marker EOI. */
	jpg: (tail) => lastIndexOf(tail, '\xff\xd9') >= 0,
	/** GIF89a, 27: the trailer. */
	gif: (tail) => lastIndexOf(tail, ';') >= 0,
	/** RFC 9649, 2.3: the header holds the size of what follows it. */
	webp: (_, size, head) => size >= 8 + uint32(head, 4),
	avif: () => true,
};

/**
 * The bytes of an image as they come, of which nothing but the tail is held.
 * @throws ProviderError `truncated` at the end of a file that its own format shows to be cut
 */
export async function* untilItsEnd(
	source: AsyncIterable<Uint8Array>,
	extension: ImageFormat['extension'],
): AsyncGenerator<Uint8Array> {
	let head: Uint8Array = new Uint8Array();
	let tail: Uint8Array = new Uint8Array();
	let size = 0;
	for await (const bytes of source) {
		if (head.length < HEAD_BYTES) head = Buffer.concat([head, bytes.subarray(0, HEAD_BYTES)]);
		size += bytes.length;
		tail =
			bytes.length >= TAIL_BYTES
				? bytes.slice(-TAIL_BYTES)
				: Buffer.concat([tail, bytes]).subarray(-TAIL_BYTES);
		yield bytes;
	}
	if (ENDS[extension](tail, size, head)) return;
	throw new ProviderError('truncated', 'The image broke off', {
		explanation: `The file lacks the end that its format has; ${size} bytes of it arrived. Run the node again.`,
	});
}

/** Enough for every header that is looked at. */
const HEAD_BYTES = 16;

function uint32(bytes: Uint8Array, offset: number): number {
	if (bytes.length < offset + 4) return 0;
	return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);
}

/** Of these characters (Latin-1); -1 where they are not there. */
function lastIndexOf(bytes: Uint8Array, characters: string): number {
	for (let index = bytes.length - characters.length; index >= 0; index--) {
		if (has(bytes, index, characters)) return index;
	}
	return -1;
}
