/** A place in a stream of bytes, from which it is read on. */
export class ByteCursor {
	private chunk: Uint8Array = new Uint8Array();
	private position = 0;

	constructor(private readonly source: AsyncIterator<Uint8Array>) {}

	/** Whether there are bytes left; waits for some. */
	async hasMore(): Promise<boolean> {
		while (this.position >= this.chunk.length) {
			const next = await this.source.next();
			if (next.done === true) return false;
			this.chunk = next.value;
			this.position = 0;
		}
		return true;
	}

	/** What has arrived and is not yet taken, up to the first `end` (excluded). */
	takeUntil(end: number): Uint8Array {
		const found = this.chunk.indexOf(end, this.position);
		return this.take(found < 0 ? this.chunk.length : found);
	}

	/** One byte. There must be more. */
	takeOne(): number {
		return this.chunk[this.position++] ?? 0;
	}

	private take(end: number): Uint8Array {
		const bytes = this.chunk.subarray(this.position, end);
		this.position = end;
		return bytes;
	}
}
