import { abortError } from './networkError';
import { now, unlessAborted, wait } from './signals';

/** A step of this size limits nothing any more. */
const LARGE_STEP = 128;
/** A step takes so many times as long as the service last took to refuse a request, and so many ms. */
const REFUSAL_FACTOR = 1.5;
const MIN_STEP_TIME = 10;
const MAX_STEP_TIME = 1000;

interface Waiting {
	/** Whether it was refused before: those go first. */
	isRefused: boolean;
	go: (sentAt: number) => void;
}

/**
 * The gate through which all requests to a service go, so that the limit that one of them meets is kept by
 * all. It is closed until the moment that the service tells, and then opens in steps (1, 1, 2, 4 …), each long
 * enough to see whether the service refuses again. A service that refuses nothing never meets it closed.
 */
export class Pace {
	/** How many requests the service has answered other than by refusing them. */
	served = 0;
	/** How often the gate was closed since then. */
	closings = 0;
	/** Whether a request has waited in vain as often as one may, and nothing was served meanwhile. */
	isHopeless = false;
	/** How many requests wait for their next try after another failure. */
	pausing = 0;
	private waiting: Waiting[] = [];
	/** Ends the wait of the gate itself, which is there only while others wait. */
	private watcher: AbortController | undefined;
	private opensAt = -Infinity;
	/** How many may still be sent in this step; the size of the next, and when it begins. */
	private left = Infinity;
	private nextSize = Infinity;
	private nextStep = -Infinity;
	private stepTime = MIN_STEP_TIME;

	/**
	 * Waits until a request may be sent. Each that passed must be reported by `answered` or `refuse`.
	 * @param isRefused whether it was refused before: those go first
	 * @returns when it was sent, for `refuse`
	 * @throws the signal's reason, at once, when it fires
	 */
	async pass(signal: AbortSignal, isRefused = false): Promise<number> {
		if (signal.aborted) throw abortError(signal);
		const time = now();
		if (this.waiting.length === 0 && this.claim(time) === 0) return time;
		let go: Waiting['go'] = () => {};
		const turn = new Promise<number>((resolve) => (go = resolve));
		const one = { isRefused, go };
		const place = isRefused ? this.waiting.findIndex((other) => !other.isRefused) : -1;
		this.waiting.splice(place < 0 ? this.waiting.length : place, 0, one);
		void this.watch();
		try {
			return await unlessAborted(turn, signal);
		} finally {
			this.waiting = this.waiting.filter((other) => other !== one);
			if (this.waiting.length === 0) this.watcher?.abort();
		}
	}

	/**
	 * A request was answered, or failed for another reason than the limit.
	 * @param isServed whether the service did what it was asked
	 * @param exhaustedFor how long the service says its limit is used up, in ms, if it is
	 */
	answered(isServed: boolean, exhaustedFor = 0): void {
		if (isServed) {
			this.served++;
			this.closings = 0;
			this.isHopeless = false;
		}
		if (exhaustedFor > 0) this.close(exhaustedFor);
	}

	/**
	 * The service refused a request because of its limit.
	 * @param milliseconds how long the gate is closed, from now
	 * @param sentAt when the request passed
	 */
	refuse(milliseconds: number, sentAt: number): void {
		const time = REFUSAL_FACTOR * (now() - sentAt);
		this.stepTime = Math.min(MAX_STEP_TIME, Math.max(MIN_STEP_TIME, time));
		this.close(milliseconds);
	}

	private close(milliseconds: number): void {
		const time = now();
		// Those that were under way together are refused together.
		if (time >= this.opensAt) this.closings++;
		this.opensAt = Math.max(this.opensAt, time + milliseconds);
		[this.left, this.nextSize, this.nextStep] = [1, 1, this.opensAt + this.stepTime];
	}

	/** Lets pass who may, as long as anybody waits. */
	private async watch(): Promise<void> {
		if (this.watcher !== undefined) return;
		const { signal } = (this.watcher = new AbortController());
		while (this.waiting.length > 0) {
			const time = now();
			const delay = this.claim(time);
			if (delay > 0) await wait(delay, signal).catch(() => undefined);
			else this.waiting.shift()?.go(time);
			if (signal.aborted) break;
		}
		this.watcher = undefined;
		// Somebody may have come after the last one left.
		if (this.waiting.length > 0) void this.watch();
	}

	/** How long until a request may be sent, in ms. If one may be sent now, it counts as sent. */
	private claim(time: number): number {
		if (time < this.opensAt) return this.opensAt - time;
		if (this.left === 0) {
			if (time < this.nextStep) return this.nextStep - time;
			this.left = this.nextSize;
			this.nextSize = this.nextSize < LARGE_STEP ? 2 * this.nextSize : Infinity;
			this.nextStep = time + this.stepTime;
		}
		this.left--;
		return 0;
	}
}
