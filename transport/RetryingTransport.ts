import { ProviderError, toProviderError } from '../providers/errors';
import { httpError } from '../providers/http/serviceErrors';
import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport';
import { wait } from './signals';

/** How patiently a request is repeated. */
export interface RetryPolicy {
	/** How often a request is sent again. */
	retries: number;
	/** Longest wait before a retry, in ms. A service that asks for more is not asked again. */
	maxDelay: number;
}

/** A minute, as limits are usually counted per minute. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { retries: 2, maxDelay: 60_000 };

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
	{ retries, maxDelay }: RetryPolicy,
	waiting: number,
	random: number,
): number | undefined {
	if (!error.retryable || retry > retries) return undefined;
	const asked = error.details.retryAfter;
	if (asked === undefined) return random * Math.min(maxDelay, FIRST_STEP * 2 ** (retry - 1));
	return asked > maxDelay ? undefined : asked + random * SPREAD * (waiting + 1);
}

/** What the requests of one run share, so that they do not storm a service that wants peace. */
export class RetryQueue {
	/** How many requests wait for their next try. */
	waiting = 0;
}

/**
 * Sends a request again where asking twice is harmless: while no answer has begun. An answer that
 * reports a passing failure counts as none; the last one is passed on as an error.
 */
export class RetryingTransport implements Transport {
	/** How many requests were sent, retries included. */
	attempts = 0;
	/** How many of them were repeated. */
	retries = 0;

	constructor(
		private readonly transport: Transport,
		private readonly policy: RetryPolicy,
		private readonly queue: RetryQueue,
	) {}

	async send(request: TransportRequest): Promise<TransportResponse> {
		for (let retry = 1; ; retry++) {
			this.attempts++;
			const outcome = await this.attempt(request);
			if (!(outcome instanceof ProviderError)) return outcome;
			const { waiting } = this.queue;
			const delay = retryDelay(outcome, retry, this.policy, waiting, Math.random());
			if (delay === undefined) throw outcome;
			await this.pause(delay, request.signal);
			this.retries++;
		}
	}

	private async attempt(request: TransportRequest): Promise<TransportResponse | ProviderError> {
		try {
			const response = await this.transport.send(request);
			return response.status < 400 ? response : await this.failure(response);
		} catch (error) {
			return toProviderError(error);
		}
	}

	/** Error statuses that will not pass are the provider's to read: some it can answer in another way. */
	private async failure(response: TransportResponse): Promise<TransportResponse | ProviderError> {
		if (!MAY_PASS.has(response.status)) return response;
		return await httpError(response);
	}

	private async pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
		this.queue.waiting++;
		try {
			await wait(milliseconds, signal ?? NEVER);
		} finally {
			this.queue.waiting--;
		}
	}
}

const MAY_PASS = new Set([408, 429, 502, 503, 504]);
const NEVER = new AbortController().signal;
