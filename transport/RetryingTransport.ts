import { randomUUID } from 'node:crypto';

import { ProviderError, toProviderError } from '../providers/errors';
import { httpError, mayPass } from '../providers/http/serviceErrors';
import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport';
import { wait } from './signals';

/** How patiently a request is repeated. */
export interface RetryPolicy {
	/** How often a request is sent again. */
	retries: number;
	/** Maximum wait before a retry, in ms. A service that asks for more is not asked again. */
	maxDelay: number;
	/** Whether costly requests are also repeated where the service may already have done the work. */
	repeatsCostly?: boolean | undefined;
}

/** A minute, as limits are usually counted per minute. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { retries: 2, maxDelay: 60_000 };

/** First step of the exponential back-off, in ms. */
const FIRST_STEP = 500;
/** The same, and the factor, for a service that has too much to do. */
const BUSY_STEP = 1000;
const BUSY_FACTOR = 4;
const BUSY = new Set([429, 503, 529]);
/** Statuses of a server that failed rather than refused: twice the same is not a passing failure. */
const FAILED = new Set([500, 520, 521, 522, 523, 524]);
/** How far requests that wait for the same moment are spread, in ms for each that waits. */
const SPREAD = 50;
/** Codes of connections that were never made. */
const NOT_SENT = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * How long to wait before the next try, in ms, or undefined when there is none. A time that the service
 * asked for is kept, and those who wait for it are spread over the time after it, so that they do not all
 * come at once. Otherwise exponential back-off: with full jitter after a failure, with half of it for a
 * busy service.
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
	const { retryAfter: asked, status = 0 } = error.details;
	if (FAILED.has(status) && retry > 1) return undefined;
	if (asked === undefined && BUSY.has(status)) {
		const step = Math.min(maxDelay, BUSY_STEP * BUSY_FACTOR ** (retry - 1));
		return (step * (1 + random)) / 2;
	}
	if (asked === undefined) return random * Math.min(maxDelay, FIRST_STEP * 2 ** (retry - 1));
	return asked > maxDelay ? undefined : asked + random * SPREAD * (waiting + 1);
}

/** What the requests of one run share, so that they do not all return to a busy service at once. */
export class RetryQueue {
	/** How many requests wait for their next try. */
	waiting = 0;
}

const NEVER = new AbortController().signal;

/**
 * Sends a request again while no answer has begun. An answer that reports a passing failure counts as none;
 * the last one is passed on as an error. All tries of one request carry the same `idempotency-key`, by which
 * a service can tell that it has done the work already. A costly request is repeated only where the service
 * cannot have begun, unless the user allows more.
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
		const keyed = withIdempotencyKey(request);
		for (let retry = 1; ; retry++) {
			this.attempts++;
			const outcome = await this.attempt(keyed);
			if (!(outcome instanceof ProviderError)) return outcome;
			if (request.isCostly === true && !this.mayRepeat(outcome)) throw notRepeated(outcome);
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
		if (!mayPass(response.status)) return response;
		return await httpError(response);
	}

	/** Whether a costly request may be sent again after this. */
	private mayRepeat({ details: { code = '', status } }: ProviderError): boolean {
		if (this.policy.repeatsCostly === true) return true;
		return status === undefined ? NOT_SENT.has(code) : BUSY.has(status);
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

/** A draft of the IETF (httpapi-idempotency-key-header) that OpenAI and others follow. */
function withIdempotencyKey(request: TransportRequest): TransportRequest {
	if (request.method !== 'POST') return request;
	return { ...request, headers: { 'idempotency-key': randomUUID(), ...request.headers } };
}

/** The same failure, which would otherwise have been retried. */
function notRepeated(error: ProviderError): ProviderError {
	if (!error.retryable) return error;
	return new ProviderError(error.kind, error.message, {
		explanation:
			"The service may already have generated and charged for the image, so the request was not sent again. Run the node again, or turn on 'Retry Unanswered Image Requests' in the options.",
		...error.details,
		retryable: false,
	});
}
