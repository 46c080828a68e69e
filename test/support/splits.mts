/** One way to cut bytes into network chunks. */
export interface Cutting {
	name: string;
	chunks: Uint8Array[];
}

export function bytesOf(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

/** The bytes cut before each of these positions. */
export function cutAt(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
	const sorted = [...positions].sort((a, b) => a - b);
	const starts = [0, ...sorted];
	return starts.map((start, index) => bytes.slice(start, sorted[index] ?? bytes.length));
}

export function byteByByte(bytes: Uint8Array): Uint8Array[] {
	return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

/** Whole, byte by byte, with an empty chunk in it, and cut in two at every index. */
export function everyCutting(bytes: Uint8Array): Cutting[] {
	const cuts = Array.from({ length: bytes.length + 1 }, (_, index) => ({
		name: `cut at ${index}`,
		chunks: cutAt(bytes, [index]),
	}));
	return [
		{ name: 'whole', chunks: [bytes] },
		{ name: 'byte by byte', chunks: byteByByte(bytes) },
		{
			name: 'byte by byte with empty chunks between',
			chunks: byteByByte(bytes).flatMap((chunk) => [chunk, new Uint8Array()]),
		},
		...cuts,
	];
}

/** A text cut at each position into fragments. */
export function cutText(text: string, positions: readonly number[]): string[] {
	const sorted = [...positions].sort((a, b) => a - b);
	return [0, ...sorted].map((start, index) => text.slice(start, sorted[index] ?? text.length));
}
