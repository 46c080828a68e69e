/**
 * What went wrong, in words a caller can act on:
 *
 * - `network`: no answer began (connection refused or reset, unknown host, TLS)
 * - `timeout`: a time limit passed
 * - `aborted`: the caller stopped the work
 * - `http`: the service answered with an error status
 * - `quota`: the free or paid limit is used up
 * - `blocked`: a captcha or a "checking your browser" page came instead of an answer
 * - `protocol`: an answer came whole, but is not what the protocol promises
 * - `truncated`: an answer broke off
 * - `refused`: the service declines this request, or we decline it or its answer
 *   (unknown model, unsafe link, over a limit)
 * - `limit`: nothing was sent, because a limit of the run was reached
 */
export type ProviderErrorKind =
	| 'network'
	| 'timeout'
	| 'aborted'
	| 'http'
	| 'quota'
	| 'blocked'
	| 'protocol'
	| 'truncated'
	| 'refused'
	| 'limit';

/**
 * Why a request failed, where that is known and decides what to do about it:
 *
 * - `certificate`: the server's TLS certificate was not accepted
 * - `contextTooLong`: the conversation does not fit into the model's context
 * - `input`: the service does not take something in the request
 * - `moderation`: the service's content rules
 * - `noCredit`: the account's money or paid quota is used up
 * - `noImage`: the model answered with no image
 * - `noEndpoint`: the server has nothing at this address
 * - `region`: the service is not offered where the request comes from
 * - `tooLarge`: the request is too large
 * - `unknownHost`: there is no server of this name
 * - `unknownModel`: the service does not have this model
 * - `wrongKey`: the service does not accept the credential
 */
export type FailureReason =
	| 'certificate'
	| 'contextTooLong'
	| 'input'
	| 'moderation'
	| 'noCredit'
	| 'noEndpoint'
	| 'noImage'
	| 'region'
	| 'tooLarge'
	| 'unknownHost'
	| 'unknownModel'
	| 'wrongKey';

/** Reasons that lie in the credential or the model, not in an item or the moment. */
const FOR_EVERY_ITEM: ReadonlySet<FailureReason | undefined> = new Set<FailureReason>([
	'certificate',
	'noCredit',
	'noEndpoint',
	'noImage',
	'region',
	'unknownHost',
	'unknownModel',
	'wrongKey',
]);

/**
 * What is known of a failure, whole and as it came: toNodeError cuts it and takes the secrets out of it
 * where it leaves for n8n.
 */
export interface ProviderErrorDetails {
	/** Asking the same again is harmless and may help. */
	retryable?: boolean;
	/** HTTP status of the answer. */
	status?: number;
	/** The provider's or the operating system's own error code. */
	code?: string | undefined;
	/** Why it failed, where that is known. */
	reason?: FailureReason | undefined;
	/** A fallback model met it, so that the chosen one may answer the next item. */
	isOfFallback?: boolean;
	/** The request's field that the service complains of. */
	parameter?: string | undefined;
	/** What exactly was wrong, in our words. */
	explanation?: string | undefined;
	/** The service's own words, on one line. */
	serviceMessage?: string;
	/** The URL that was asked, without its query. */
	address?: string | undefined;
	/** What the service calls this request in its own log. */
	requestId?: string | undefined;
	/** How long the service asks to wait, in ms. */
	retryAfter?: number | undefined;
	/** The text that a model wrote and its server rejected as unparsable (Groq's `failed_generation`). */
	failedGeneration?: string | undefined;
	/** The text that had arrived before the failure. */
	partialText?: string;
	/** Never an HTTP client's error: it holds the request with its credentials, and n8n stores errors. */
	cause?: unknown;
}

/** The one error that providers and transports throw. Programming errors of a caller are other errors. */
export class ProviderError extends Error {
	/** Asking the same again is harmless and may help. */
	readonly retryable: boolean;

	constructor(
		readonly kind: ProviderErrorKind,
		message: string,
		readonly details: ProviderErrorDetails = {},
	) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.name = 'ProviderError';
		this.retryable = details.retryable ?? false;
	}

	/** Whether every request with the same credential and model fails alike, so that more are in vain. */
	get isForEveryItem(): boolean {
		return ['blocked', 'quota'].includes(this.kind) || FOR_EVERY_ITEM.has(this.details.reason);
	}

	/** The same failure, of which more is known. */
	with(details: ProviderErrorDetails, message = this.message): ProviderError {
		return new ProviderError(this.kind, message, { ...this.details, ...details });
	}

	/** Whether it may be a matter of the moment or of the model: the request, the key and the account are none. */
	get mayPass(): boolean {
		const { kind, details } = this;
		const { reason, status = 0 } = details;
		if (reason !== undefined) return false;
		if (kind !== 'http') return ['network', 'timeout', 'truncated'].includes(kind);
		return status < 400 || status === 408 || status === 429 || status >= 500;
	}

	/** The same failure after `partialText` had arrived: asking again would send that text twice. */
	afterText(partialText: string): ProviderError {
		return partialText === '' ? this : this.with({ partialText, retryable: false });
	}

	/** The same failure for those who have the text that had arrived. */
	withoutText(): ProviderError {
		return this.with({ partialText: '' });
	}
}

/** The error for what is declined here. @param explanation says what to do */
export function refusal(message: string, explanation: string): ProviderError {
	return new ProviderError('refused', message, { explanation });
}

const MEGABYTE = 1024 * 1024;

/**
 * The error for what is larger than a limit.
 * @param what begins the message, e.g. `The answer`
 * @param limit bytes
 * @param option the nodes' option that sets the limit
 */
export function tooLargeError(what: string, limit: number, option?: string): ProviderError {
	const size = limit < MEGABYTE ? `${limit} bytes` : `${Math.round(limit / MEGABYTE)} MB`;
	return refusal(
		`${what} is larger than ${size}`,
		option === undefined
			? 'Check that the service answers what was asked for.'
			: `Raise '${option}' in the options.`,
	);
}

/** Of one answer: no service makes so many for one prompt; each link is a request, each image a file. */
export const MAX_IMAGES = 100;

/** The error for more than `MAX_IMAGES`. */
export function tooManyImages(): ProviderError {
	return refusal(
		`The service sent more than ${MAX_IMAGES} images`,
		'Ask for fewer images at a time.',
	);
}

/** Whatever was thrown, as a ProviderError. */
export function toProviderError(error: unknown): ProviderError {
	if (error instanceof ProviderError) return error;
	return new ProviderError('protocol', 'The answer could not be read', { cause: error });
}
