import { sleep } from 'n8n-workflow';

import { abortError } from './networkError';

/**
 * Aborts by itself, or together with any of its parents: the one way in which signals are joined here.
 * `AbortSignal.any` cannot be released and takes three times as long, as it is collected only by way of
 * weak references.
 */
export class LinkedController {
	private readonly controller = new AbortController();
	private readonly parents: readonly AbortSignal[];

	constructor(...parents: ReadonlyArray<AbortSignal | undefined>) {
		this.parents = parents.filter((parent) => parent !== undefined);
		for (const parent of this.parents) parent.addEventListener('abort', this.follow);
		if (this.parents.some(({ aborted }) => aborted)) this.follow();
	}

	get signal(): AbortSignal {
		return this.controller.signal;
	}

	abort(reason?: unknown): void {
		this.release();
		this.controller.abort(reason);
	}

	/** Lets go of the parents, once nothing is left that could be ended. */
	release(): void {
		for (const parent of this.parents) parent.removeEventListener('abort', this.follow);
	}

	private readonly follow = (): void =>
		this.abort(this.parents.find(({ aborted }) => aborted)?.reason);
}

/** Milliseconds that only ever grow: the clock of a machine may be set back while something waits. */
export function now(): number {
	return performance.now();
}

/** How long a timer outlives a wait that ends early, at most, in ms. */
const SLICE = 50;

/**
 * Waits this many ms, or until the signal fires: then the wait ends at once and the signal's reason is
 * thrown. AbortSignal.timeout would not do: its timer does not keep a process alive that has nothing
 * else to do, such as a workflow run from the command line. n8n's sleep does, but in n8n 1.100
 * it cannot be cleared, so it is taken in slices.
 */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
	if (signal.aborted) throw abortError(signal);
	const end = now() + milliseconds;
	let wake = () => {};
	const stopped = new Promise<void>((resolve) => (wake = resolve));
	signal.addEventListener('abort', wake);
	try {
		for (let left = milliseconds; left > 0 && !signal.aborted; left = end - now()) {
			await Promise.race([sleep(Math.min(left, SLICE)), stopped]);
		}
	} finally {
		signal.removeEventListener('abort', wake);
	}
	if (signal.aborted) throw abortError(signal);
}

/**
 * The promise's outcome, unless the signal fires first: then its reason is thrown at once. For work that
 * takes no signal itself; it goes on unheard.
 */
export async function unlessAborted<Result>(
	work: Promise<Result> | Result,
	signal: AbortSignal,
): Promise<Result> {
	let stop = () => {};
	const stopped = new Promise<never>((_resolve, reject) => {
		stop = () => reject(abortError(signal));
	});
	signal.addEventListener('abort', stop);
	if (signal.aborted) stop();
	try {
		return await Promise.race([stopped, work]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
