/**
 * Calls back when nobody has fed it for so many ms. Feeding costs nothing: one timer runs at a time, and
 * when it ends it is set again for what is left.
 */
export class Watchdog {
	private lastFed = Date.now();
	private paused = false;
	private timer: AbortSignal;

	/** @param limit in ms; it runs from now */
	constructor(
		private readonly limit: number,
		private readonly bark: () => void,
	) {
		this.timer = this.sleep(limit);
	}

	feed(): void {
		this.paused = false;
		this.lastFed = Date.now();
	}

	/** Until it is fed again nothing is expected of anybody. */
	pause(): void {
		this.paused = true;
	}

	/** Without its listener the timer is garbage, which is the only way to clear one of its kind. */
	end(): void {
		this.timer.removeEventListener('abort', this.wake);
	}

	private readonly wake = (): void => {
		const left = this.paused ? this.limit : this.limit - (Date.now() - this.lastFed);
		if (left > 0) this.timer = this.sleep(left);
		else this.bark();
	};

	private sleep(milliseconds: number): AbortSignal {
		const timer = AbortSignal.timeout(milliseconds);
		timer.addEventListener('abort', this.wake, { once: true });
		return timer;
	}
}
