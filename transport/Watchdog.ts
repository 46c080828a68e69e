/** How long a request may take, in ms. */
export interface TimeLimits {
	/** From sending to the last byte. */
	whole: number;
	/** From sending to the head of the answer. */
	firstByte: number;
	/** Between two pieces of the answer. */
	silence: number;
}

/**
 * Watches the time limits of a request and calls back with the first that passes. To tell it that something
 * came costs nothing: one timer runs at a time, and when it ends it is set again for what is left. None is
 * longer than `silence`, as that limit may begin at any time.
 */
export class Watchdog {
	private readonly sentAt = Date.now();
	/** What is waited for; nothing while the reader is busy. */
	private waiting: 'firstByte' | 'silence' | undefined = 'firstByte';
	private waitingSince = this.sentAt;
	private timer: AbortSignal;

	/** The limits run from now. */
	constructor(
		private readonly limits: TimeLimits,
		private readonly bark: (limit: keyof TimeLimits) => void,
	) {
		this.timer = this.sleep(Math.min(...(Object.values(limits) as number[])));
	}

	/** The answer began, or the reader wants more of it: it may be silent for so long from now. */
	expectMore(): void {
		this.waiting = 'silence';
		this.waitingSince = Date.now();
	}

	/** A piece came: while the reader is busy with it, it is not the service that is silent. */
	pause(): void {
		this.waiting = undefined;
	}

	/** Without its listener the timer is garbage, which is the only way to clear one of its kind. */
	end(): void {
		this.timer.removeEventListener('abort', this.wake);
	}

	private readonly wake = (): void => {
		const { limits, waiting } = this;
		const wholeLeft = left(limits.whole, this.sentAt);
		const waitLeft = waiting === undefined ? Infinity : left(limits[waiting], this.waitingSince);
		if (waiting !== undefined && waitLeft <= 0) this.bark(waiting);
		else if (wholeLeft <= 0) this.bark('whole');
		else this.timer = this.sleep(Math.min(wholeLeft, waitLeft, limits.silence));
	};

	private sleep(milliseconds: number): AbortSignal {
		const timer = AbortSignal.timeout(milliseconds);
		timer.addEventListener('abort', this.wake, { once: true });
		return timer;
	}
}

function left(limit: number, since: number): number {
	return limit - (Date.now() - since);
}
