import { abortError } from '../../transport/networkError';
import { now, wait } from '../../transport/signals';

const MINUTE = 60_000;

/** Lets requests start no faster than the user wants. */
export class StartGate {
	private readonly starts: number[] = [];

	/**
	 * @param delay minimum time between two starts, in ms
	 * @param perMinute maximum number of starts within any minute; 0 for no limit
	 */
	constructor(
		private readonly delay: number,
		private readonly perMinute: number,
		private readonly pause: typeof wait = wait,
	) {}

	/** Waits for its turn: first come, first served. */
	async pass(signal: AbortSignal): Promise<void> {
		if (signal.aborted) throw abortError(signal);
		if (this.delay === 0 && this.perMinute === 0) return;
		const time = now();
		const start = Math.max(time, this.earliest());
		this.starts.push(start);
		// The delay counts from the last start, the rate from the oldest of the last minute.
		if (this.starts.length > Math.max(1, this.perMinute)) this.starts.shift();
		if (start > time) await this.pause(start - time, signal);
	}

	private earliest(): number {
		const last = this.starts.at(-1) ?? -Infinity;
		const full = this.perMinute > 0 && this.starts.length >= this.perMinute;
		return Math.max(last + this.delay, full ? (this.starts[0] ?? 0) + MINUTE : -Infinity);
	}
}

/** Lets the first item begin alone, so that a service has cached what the prompts of all begin with. */
export class WarmUp {
	/** Ends it, for better or worse. */
	end: () => void = () => {};
	readonly ended = new Promise<void>((resolve) => (this.end = resolve));
}

/** How fast a pool works. */
export interface Pace {
	/** Maximum number of items at a time. */
	limit: number;
	/** Ends the queue: nothing starts once it has fired. */
	signal: AbortSignal;
	warmUp?: WarmUp | undefined;
}

/**
 * Runs `work` for each index below `count`, at most `limit` at a time and started in order. A slow item
 * delays only its own slot. After a failure no other item starts; once all that run have ended, the first
 * failure is thrown.
 */
export async function runPool(
	count: number,
	{ limit, signal, warmUp }: Pace,
	work: (index: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	let failure: { error: unknown } | undefined;
	const worker = async () => {
		while (next < count && failure === undefined && !signal.aborted) {
			const index = next++;
			try {
				await work(index);
			} catch (error) {
				failure ??= { error };
			} finally {
				if (index === 0) warmUp?.end();
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
	if (failure !== undefined) throw (failure as { error: unknown }).error;
	if (next < count) throw abortError(signal);
}
