const SMALLEST = 1024;
/** Larger memory is given back as soon as its bytes are taken. */
const LARGEST_KEPT = 64 * 1024;

/** Bytes that are put together piece by piece, in memory that doubles when it is full. */
export class ByteBuffer {
	private memory = new Uint8Array(SMALLEST);
	private end = 0;

	get length(): number {
		return this.end;
	}

	append(bytes: Uint8Array): void {
		const end = this.end + bytes.length;
		if (end > this.memory.length) this.grow(end);
		// One alone is what a stream that is cut byte by byte brings; `set` takes far longer for it.
		if (bytes.length === 1) this.memory[this.end] = bytes[0] ?? 0;
		else this.memory.set(bytes, this.end);
		this.end = end;
	}

	/** Takes all bytes out. What is given holds until the next `append`. */
	take(): Uint8Array {
		const taken = this.memory.subarray(0, this.end);
		if (this.memory.length > LARGEST_KEPT) this.memory = new Uint8Array(SMALLEST);
		this.end = 0;
		return taken;
	}

	private grow(needed: number): void {
		const grown = new Uint8Array(Math.max(needed, 2 * this.memory.length));
		grown.set(this.memory.subarray(0, this.end));
		this.memory = grown;
	}
}
