import { sleep } from 'n8n-workflow';

import { abortError } from './networkError';

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
