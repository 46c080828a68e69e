import type { ProviderError } from '../providers/errors';

/** How patiently a request is repeated. */
export interface RetryPolicy {
	/** How often a request is sent again. */
	retries: number;
	/** Longest wait before a retry, in ms. A service that asks for more is not asked again. */
	longestWait: number;
}

/** A minute, as limits are usually counted per minute. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { retries: 2, longestWait: 60_000 };

/** First step of the exponential back-off, in ms. */
const FIRST_STEP = 500;
/** How far requests that wait for the same moment are spread, in ms for each that waits. */
const SPREAD = 50;

/**
 * How long to wait before the next try, in ms, or undefined when there is none. A time that the service
 * asked for is kept and spread behind it, so that those who wait for it do not all come at once;
 * otherwise exponential back-off with full jitter.
 * @param retry which retry it would be, from 1
 * @param waiting how many requests wait already
 * @param random from 0 to 1
 */
export function retryDelay(
	error: ProviderError,
	retry: number,
	{ retries, longestWait }: RetryPolicy,
	waiting: number,
	random: number,
): number | undefined {
	if (!error.retryable || retry > retries) return undefined;
	const asked = error.details.retryAfter;
	if (asked === undefined) return random * Math.min(longestWait, FIRST_STEP * 2 ** (retry - 1));
	return asked > longestWait ? undefined : asked + random * SPREAD * (waiting + 1);
}
