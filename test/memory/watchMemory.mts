const SAMPLE_MILLISECONDS = 2;

/** Collects garbage until the process's memory no longer falls. */
export async function settle(): Promise<void> {
	if (globalThis.gc === undefined) throw new Error('Run node with --expose-gc');
	let last = Infinity;
	for (let now = process.memoryUsage.rss(); now < last; now = process.memoryUsage.rss()) {
		last = now;
		for (let round = 0; round < 3; round++) {
			globalThis.gc();
			// Finalizers, which free the memory behind buffers, run between two turns of the event loop.
			await new Promise((resolve) => setImmediate(resolve));
		}
	}
}

/**
 * Samples the resident memory of this process, in bytes, until it is stopped.
 * @param collecting collects garbage before each sample, so that only what is held counts
 */
export function watchMemory(collecting: boolean): { stop(): { before: number; peak: number } } {
	const before = process.memoryUsage.rss();
	let peak = before;
	const sample = () => {
		// A minor collection frees buffers that nothing holds; a full one takes longer than a sample.
		if (collecting) void globalThis.gc?.({ type: 'minor', execution: 'sync' });
		peak = Math.max(peak, process.memoryUsage.rss());
	};
	const timer = setInterval(sample, SAMPLE_MILLISECONDS);
	return {
		stop() {
			clearInterval(timer);
			sample();
			return { before, peak };
		},
	};
}
