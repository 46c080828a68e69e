import { abortError } from '../../../transport/networkError';
import { wait } from '../../../transport/wait';

const MINUTE = 60_000;

/** Lets items start no faster than the user wants. */
export class StartGate {
	private readonly starts: number[] = [];

	/**
	 * @param delay shortest time between two starts, in ms
	 * @param perMinute most starts within a minute; 0 for any number
	 */
	constructor(
		private readonly delay: number,
		private readonly perMinute: number,
	) {}

	/** Waits for its turn. Who asks first goes first. */
	async pass(signal: AbortSignal): Promise<void> {
		if (signal.aborted) throw abortError(signal);
		if (this.delay === 0 && this.perMinute === 0) return;
		const now = Date.now();
		const start = Math.max(now, this.earliest());
		this.starts.push(start);
		if (this.starts.length > Math.max(1, this.perMinute)) this.starts.shift();
		if (start > now) await wait(start - now, signal);
	}

	private earliest(): number {
		const last = this.starts.at(-1) ?? -Infinity;
		const full = this.perMinute > 0 && this.starts.length >= this.perMinute;
		return Math.max(last + this.delay, full ? (this.starts[0] ?? 0) + MINUTE : -Infinity);
	}
}
