import { vi } from 'vitest';

interface Timer {
	at: number;
	controller: AbortController;
}

/** Takes the place of performance.now and AbortSignal.timeout: time passes when the test says so. */
export class ManualClock {
	now = 1_000_000;
	private timers: Timer[] = [];

	constructor() {
		vi.spyOn(performance, 'now').mockImplementation(() => this.now);
		vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
			const controller = new AbortController();
			this.timers.push({ at: this.now + milliseconds, controller });
			return controller.signal;
		});
	}

	/** How many timers are set and have not fired. */
	get running(): number {
		return this.timers.length;
	}

	/** Lets this much time pass; timers fire at their moments. */
	pass(milliseconds: number): void {
		const end = this.now + milliseconds;
		for (let next = this.nextUntil(end); next !== undefined; next = this.nextUntil(end)) {
			this.timers = this.timers.filter((timer) => timer !== next);
			this.now = next.at;
			next.controller.abort();
		}
		this.now = end;
	}

	private nextUntil(end: number): Timer | undefined {
		const due = this.timers.filter(({ at }) => at <= end);
		return due.sort((a, b) => a.at - b.at)[0];
	}
}
