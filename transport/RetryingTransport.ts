import { randomUUID } from 'node:crypto';

import { ProviderError, toProviderError } from '../providers/errors';
import { exhaustedFor } from '../providers/http/retryHints';
import { httpError, mayPass } from '../providers/http/serviceErrors';
import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport';
import type { Pace } from './Pace';
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
/** How often a request waits for the limit to be renewed. */
const MAX_WAITS = 20;
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
		return busyDelay(retry, maxDelay, random);
	}
	if (asked === undefined) return random * Math.min(maxDelay, FIRST_STEP * 2 ** (retry - 1));
	return asked > maxDelay ? undefined : asked + random * SPREAD * (waiting + 1);
}

/**
 * How long the service is left alone after it refused a request because of its limit (429), in ms, or
 * undefined when that is longer than the user wants to wait.
 * @param closings how often it was left alone since it last served a request, this time included
 * @param random from 0 to 1
 */
export function limitDelay(
	{ details: { retryAfter } }: ProviderError,
	{ maxDelay }: RetryPolicy,
	closings: number,
	random: number,
): number | undefined {
	if (!retryAfter) return busyDelay(closings, maxDelay, random);
	return retryAfter > maxDelay
		? undefined
		: retryAfter + random * Math.min(SPREAD, retryAfter / 50);
}

function busyDelay(time: number, maxDelay: number, random: number): number {
	return (Math.min(maxDelay, BUSY_STEP * BUSY_FACTOR ** (time - 1)) * (1 + random)) / 2;
}

const NEVER = new AbortController().signal;

/**
 * Sends a request again while no answer has begun. An answer that reports a passing failure counts as none;
 * the last one is passed on as an error. All tries of one request carry the same `idempotency-key`, by which
 * a service can tell that it has done the work already. A costly request is repeated only where the service
 * cannot have begun, unless the user allows more. Those that meet the service's limit wait at the gate of its
 * pace, as do all others to this service; that costs none of the retries.
 */
export class RetryingTransport implements Transport {
	/** How many requests were sent, retries included. */
	attempts = 0;
	/** How many of them were repeated. */
	retries = 0;

	constructor(
		private readonly transport: Transport,
		private readonly policy: RetryPolicy,
		private readonly pace: Pace,
	) {}

	async send(request: TransportRequest): Promise<TransportResponse> {
		const keyed = withIdempotencyKey(request);
		const { signal = NEVER } = request;
		// The limits are those of the service, and for what it has to work for.
		const isPaced = request.authenticated && request.method === 'POST';
		let [retries, waits] = [0, 0];
		for (;;) {
			const { served } = this.pace;
			const sentAt = isPaced ? await this.pace.pass(signal, waits > 0) : undefined;
			this.attempts++;
			if (retries + waits > 0) this.retries++;
			const outcome = await this.attempt(keyed);
			if (sentAt !== undefined) this.report(outcome, sentAt);
			if (!(outcome instanceof ProviderError)) return outcome;
			if (request.isCostly === true && !this.mayRepeat(outcome)) throw notRepeated(outcome);
			if (isPaced && isLimit(outcome) && this.isPatient(outcome)) {
				// Without a time, others that were served show that the service only has too much to do.
				const isFree = Boolean(outcome.details.retryAfter) || this.pace.served > served;
				if (!isFree && ++retries > this.policy.retries) throw outcome;
				if (++waits > MAX_WAITS || this.pace.isHopeless) throw this.inVain(outcome, waits);
			} else await this.pause(outcome, ++retries, signal);
		}
	}

	/** What the outcome of a request that passed the gate says to those that wait there. */
	private report(outcome: TransportResponse | ProviderError, sentAt: number): void {
		if (!(outcome instanceof ProviderError)) {
			const exhausted = exhaustedFor(outcome.headers, Date.now());
			// One that is longer is not believed before a request is refused.
			return this.pace.answered(true, exhausted > this.policy.maxDelay ? 0 : exhausted);
		}
		const { status = 0 } = outcome.details;
		const delay = isLimit(outcome)
			? limitDelay(outcome, this.policy, this.pace.closings + 1, Math.random())
			: undefined;
		if (delay !== undefined) return this.pace.refuse(delay, sentAt);
		this.pace.answered(status > 0 && status < 500 && status !== 429);
	}

	private async attempt(request: TransportRequest): Promise<TransportResponse | ProviderError> {
		try {
			const response = await this.transport.send(request);
			// Error statuses that will not pass are the provider's to read: some it can answer in another way.
			if (!mayPass(response.status)) return response;
			return await httpError(response);
		} catch (error) {
			return toProviderError(error);
		}
	}

	/** Whether a costly request may be sent again after this. */
	private mayRepeat({ details: { code = '', status } }: ProviderError): boolean {
		if (this.policy.repeatsCostly === true) return true;
		return status === undefined ? NOT_SENT.has(code) : BUSY.has(status);
	}

	/** Whether the user wants to wait as long as the service asks. */
	private isPatient({ details: { retryAfter = 0 } }: ProviderError): boolean {
		return retryAfter <= this.policy.maxDelay;
	}

	/** Waits for the next try, or throws the failure if there is none. */
	private async pause(error: ProviderError, retry: number, signal: AbortSignal): Promise<void> {
		const delay = retryDelay(error, retry, this.policy, this.pace.pausing, Math.random());
		if (delay === undefined)
			throw error.retryable && !this.isPatient(error) ? this.tooLong(error) : error;
		this.pace.pausing++;
		try {
			await wait(delay, signal);
		} finally {
			this.pace.pausing--;
		}
	}

	private tooLong(error: ProviderError): ProviderError {
		const [asked, most] = [error.details.retryAfter ?? 0, this.policy.maxDelay].map(inWords);
		return explained(
			error,
			`The service asks to wait ${asked}, and 'Max Retry Delay' allows ${most}: raise it, or try again later.`,
		);
	}

	private inVain(error: ProviderError, waits: number): ProviderError {
		this.pace.isHopeless ||= this.pace.closings >= MAX_WAITS;
		const times = waits === 1 ? 'once' : `${waits} times`;
		return explained(
			error,
			`The service refused the request ${times} because of its limit: lower 'Requests in Parallel' or 'Requests per Minute'.`,
		);
	}
}

/** Whether the service refused a request because of a limit that is renewed. */
function isLimit({ retryable, details: { status } }: ProviderError): boolean {
	return retryable && status === 429;
}

function explained(error: ProviderError, explanation: string): ProviderError {
	return error.with({ explanation: error.details.explanation ?? explanation });
}

const UNITS = [
	[86_400_000, 'days'],
	[3_600_000, 'hours'],
	[60_000, 'minutes'],
] as const;

function inWords(milliseconds: number): string {
	const [size, name] = UNITS.find(([unit]) => milliseconds >= 2 * unit) ?? [1000, 'seconds'];
	return `${Math.ceil((10 * milliseconds) / size) / 10} ${name}`;
}

/** A draft of the IETF (httpapi-idempotency-key-header) that OpenAI and others follow. */
function withIdempotencyKey(request: TransportRequest): TransportRequest {
	if (request.method !== 'POST') return request;
	return { ...request, headers: { 'idempotency-key': randomUUID(), ...request.headers } };
}

/** The same failure, which would otherwise have been retried. */
function notRepeated(error: ProviderError): ProviderError {
	if (!error.retryable) return error;
	return explained(
		error.with({ retryable: false }),
		"It may have been charged for: run the node again, or turn on 'Retry Unanswered Image Requests'.",
	);
}
