const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * How far is looked byte by byte. Most chunks are short or have a line end near their own: to call native
 * code, which would look through all of a chunk for a CR, costs more.
 */
const NEAR = 512;

/** Behind the last LF or CR of some bytes; 0 if there is none. */
export function endOfLastLine(bytes: Uint8Array): number {
	const near = Math.max(0, bytes.length - NEAR);
	for (let end = bytes.length; end > near; end--) {
		if (isLineEnd(bytes[end - 1] ?? 0)) return end;
	}
	if (near === 0) return 0;
	const rest = Buffer.from(bytes.buffer, bytes.byteOffset, near);
	return Math.max(rest.lastIndexOf(LINE_FEED), rest.lastIndexOf(CARRIAGE_RETURN)) + 1;
}

/** Behind the first LF or CR of some bytes; 0 if there is none. */
export function endOfFirstLine(bytes: Uint8Array): number {
	for (let index = 0; index < bytes.length; index++) {
		if (isLineEnd(bytes[index] ?? 0)) return index + 1;
	}
	return 0;
}

function isLineEnd(byte: number): boolean {
	return byte === LINE_FEED || byte === CARRIAGE_RETURN;
}
