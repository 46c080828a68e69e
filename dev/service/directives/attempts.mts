const keptKeys = 100_000;

/** Counts how often something came; forgets the oldest keys, so long runs stay small. */
export class Attempts {
	private readonly counts = new Map<string, number>();

	/** @returns 1 the first time. */
	next(key: string): number {
		const count = (this.counts.get(key) ?? 0) + 1;
		this.counts.set(key, count);
		if (this.counts.size > keptKeys) {
			const [oldest] = this.counts.keys();
			if (oldest !== undefined) this.counts.delete(oldest);
		}
		return count;
	}

	reset(): void {
		this.counts.clear();
	}
}
