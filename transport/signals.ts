import { sleep } from 'n8n-workflow';

import { abortError } from './networkError';

/**
 * Fires when it is told to, or when another signal does. `AbortSignal.any` does the same without being
 * released, for three times the price: it is collected only by way of weak references.
 */
export class LinkedController {
	private readonly controller = new AbortController();

	constructor(private readonly parent: AbortSignal | undefined) {
		if (parent?.aborted === true) this.follow();
		else parent?.addEventListener('abort', this.follow);
	}

	get signal(): AbortSignal {
		return this.controller.signal;
	}

	abort(reason?: unknown): void {
		this.release();
		this.controller.abort(reason);
	}

	/** Lets go of the other signal, once nothing is left that could be ended. */
	release(): void {
		this.parent?.removeEventListener('abort', this.follow);
	}

	private readonly follow = (): void => this.abort(this.parent?.reason);
}

/** How long a timer is left behind at most when a wait ends early, in ms. */
const SLICE = 50;

/**
 * Waits so many ms, or until the signal fires: then the wait ends at once and the signal's reason is
 * thrown. AbortSignal.timeout would not do: its timer does not keep a process alive that has nothing
 * else to do, such as a workflow run from the command line. n8n's sleep does, but cannot be cleared, so
 * it is taken in slices.
 */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
	if (signal.aborted) throw abortError(signal);
	const end = Date.now() + milliseconds;
	let wake = () => {};
	const stopped = new Promise<void>((resolve) => (wake = resolve));
	signal.addEventListener('abort', wake);
	try {
		for (let left = milliseconds; left > 0 && !signal.aborted; left = end - Date.now()) {
			await Promise.race([sleep(Math.min(left, SLICE)), stopped]);
		}
	} finally {
		signal.removeEventListener('abort', wake);
	}
	if (signal.aborted) throw abortError(signal);
}
