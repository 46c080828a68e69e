import type { StartGate } from './StartGate';

/** How fast a pool works. */
export interface Pace {
	/** Most at a time. */
	limit: number;
	gate: StartGate;
	/** Ends the queue: nothing starts once it has fired, and its waits end. */
	signal: AbortSignal;
}

/**
 * Runs `work` for each index below `count`, at most `limit` at a time and started in order. A slow one
 * holds up only its own slot. After a failure no further one starts; when all have ended, the first
 * failure is thrown.
 */
export async function runPool(
	count: number,
	{ limit, gate, signal }: Pace,
	work: (index: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	let failure: { error: unknown } | undefined;
	const worker = async () => {
		while (next < count && failure === undefined) {
			const index = next++;
			await gate
				.pass(signal)
				.then(async () => await work(index))
				.catch((error: unknown) => {
					failure ??= { error };
				});
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
	if (failure !== undefined) throw (failure as { error: unknown }).error;
}
