import { ProviderError, type ProviderErrorDetails, toProviderError } from '../errors';
import type { Transport, TransportResponse } from '../Transport';
import { retryAfter } from './retryAfter';
import { isWebPage, readServiceError } from './serviceMessage';

/** Statuses where asking again is harmless and may help. */
const RETRYABLE = new Set([408, 429, 502, 503, 504]);
const QUOTA_CODES = new Set(['insufficient_quota', 'billing_hard_limit_reached']);
/** In UTF-16 code units. */
const ERROR_BODY_LENGTH = 64 * 1024;
const CHALLENGE =
	/captcha|checking your browser|verify (that )?you are (a )?human|are you a robot|just a moment|attention required|enable javascript and cookies/i;

/** The error for an answer with an error status (400 and above), or with a redirect that leads nowhere. */
export async function httpError(
	response: TransportResponse,
	transport: Transport,
): Promise<ProviderError> {
	const text = await readErrorBody(response);
	if (isChallenge(text)) return blockedError(response, text, transport);
	return statusError(errorDetails(response, text, transport));
}

/** As much as came of it: the status counts even when its body breaks off. */
async function readErrorBody({ body }: TransportResponse): Promise<string> {
	const decoder = new TextDecoder('utf-8');
	let text = '';
	try {
		for await (const bytes of body) {
			text += decoder.decode(bytes, { stream: true });
			if (text.length > ERROR_BODY_LENGTH) break;
		}
	} catch (error) {
		const failure = toProviderError(error);
		if (failure.kind === 'aborted' || failure.kind === 'timeout') throw failure;
	}
	return text.slice(0, ERROR_BODY_LENGTH);
}

/** The error for an answer whose head says success and whose body says failure (`{"error": …}`). */
export function inBandError(
	response: TransportResponse,
	body: string,
	transport: Transport,
): ProviderError {
	const details = errorDetails(response, body, transport);
	const status = Number(details.code);
	return statusError(status >= 400 && status <= 599 ? { ...details, status } : details);
}

function statusError(details: ProviderErrorDetails & { status: number }): ProviderError {
	if (QUOTA_CODES.has(details.code ?? '')) {
		return new ProviderError('quota', 'The limit of the account is used up', details);
	}
	const message =
		details.status < 400
			? 'The service reports an error'
			: `The service answered with status ${details.status}`;
	return new ProviderError('http', message, {
		...details,
		retryable: RETRYABLE.has(details.status),
	});
}

/** The error for a web page where an answer was expected: a challenge, or simply the wrong address. */
export function pageError(
	response: TransportResponse,
	page: string,
	transport: Transport,
): ProviderError {
	if (isChallenge(page)) return blockedError(response, page, transport);
	return new ProviderError(
		'protocol',
		'The service answered with a web page',
		errorDetails(response, page, transport),
	);
}

/** What an answer tells about a failure. */
export function errorDetails(
	response: TransportResponse,
	body: string,
	transport: Transport,
): ProviderErrorDetails & { status: number } {
	const requestId = response.headers['x-request-id'] ?? response.headers['request-id'];
	const { message, code, parameter } = readServiceError(transport.redact(body));
	const wait = retryAfter(response.headers, Date.now());
	return {
		status: response.status,
		serviceMessage: message,
		...(code === undefined ? {} : { code }),
		...(parameter === undefined ? {} : { parameter }),
		...(requestId === undefined ? {} : { requestId: transport.redact(requestId) }),
		...(wait === undefined ? {} : { retryAfter: wait }),
	};
}

function isChallenge(body: string): boolean {
	return isWebPage(body) && CHALLENGE.test(body);
}

function blockedError(
	response: TransportResponse,
	page: string,
	transport: Transport,
): ProviderError {
	return new ProviderError(
		'blocked',
		'The service asks for a captcha',
		errorDetails(response, page, transport),
	);
}
