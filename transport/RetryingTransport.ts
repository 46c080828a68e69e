import { ProviderError, toProviderError } from '../providers/errors';
import { httpError } from '../providers/http/errors';
import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport';
import { retryDelay, type RetryPolicy } from './retryPolicy';
import { wait } from './wait';

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

	redact(text: string): string {
		return this.transport.redact(text);
	}

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
		return await httpError(response, this.transport);
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
