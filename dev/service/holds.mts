import type { Hold } from './options.mts';

export interface PendingHold {
	after: number;
	/** Tells the test that the fragments are out; settles when it releases the answer. */
	wait(): Promise<void>;
	cancel(): void;
}

/** Holds wait in line; each streamed answer takes the first. */
export class Holds {
	private readonly waiting: PendingHold[] = [];
	private readonly taken = new Set<PendingHold>();

	add(after: number): Hold {
		const reached = Promise.withResolvers<void>();
		const released = Promise.withResolvers<void>();
		const pending: PendingHold = {
			after,
			wait: async () => {
				reached.resolve();
				await released.promise;
				this.taken.delete(pending);
			},
			cancel: () => {
				reached.resolve();
				released.resolve();
			},
		};
		this.waiting.push(pending);
		return { reached: reached.promise, release: () => released.resolve() };
	}

	take(): PendingHold | undefined {
		const hold = this.waiting.shift();
		if (hold) this.taken.add(hold);
		return hold;
	}

	endAll(): void {
		for (const hold of [...this.waiting, ...this.taken]) hold.cancel();
		this.waiting.length = 0;
		this.taken.clear();
	}
}
