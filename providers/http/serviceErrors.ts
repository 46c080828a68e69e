import { parseJson } from '../decode/json';
import { ProviderError, type ProviderErrorDetails, toProviderError } from '../errors';
import type { TransportResponse } from '../Transport';
import { failureReason } from './failureReason';
import { retryAfter } from './retryHints';
import { isWebPage, readServiceError } from './serviceMessage';
import { addressOf } from './urls';

export { isWebPage } from './serviceMessage';

/** Statuses that may be gone at the next try, those of Cloudflare (520 to 524) and Anthropic (529) included. */
const RETRYABLE = new Set([408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/** Whether the same request may succeed a moment later. */
export function mayPass(status: number): boolean {
	return RETRYABLE.has(status);
}

/** In UTF-16 code units. */
const ERROR_BODY_LENGTH = 64 * 1024;
const CHALLENGE =
	/captcha|checking your browser|verify (that )?you are (a )?human|are you a robot|just a moment|attention required|enable javascript and cookies/i;

/** The error for an answer with an error status (400 and above), or with a redirect that leads nowhere. */
export async function httpError(response: TransportResponse): Promise<ProviderError> {
	return answerError(response, await readBeginning(response));
}

/** The same for a body that was read. */
export function answerError(response: TransportResponse, body: string): ProviderError {
	return challengeError(response, body) ?? inBandError(response, body);
}

/** Up to 64 K characters of a body, or as much as came of it: the status counts even when its body breaks off. */
export async function readBeginning({ body }: TransportResponse): Promise<string> {
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
export function inBandError(response: TransportResponse, body: string): ProviderError {
	const given = errorDetails(response, body);
	const { status } = given;
	const reason = failureReason(given);
	const details = { ...given, reason };
	if (reason === 'noCredit') {
		return new ProviderError('quota', 'The limit of the account is used up', details);
	}
	const summary =
		status < 400 ? 'The service reports an error' : `The service answered with status ${status}`;
	const retryable = mayPass(status) && reason === undefined;
	return new ProviderError('http', summary, { ...details, retryable });
}

/** The error for a web page where an answer was expected: a challenge, or simply the wrong address. */
export function pageError(response: TransportResponse, page: string): ProviderError {
	return (
		challengeError(response, page) ??
		unexpected('The service answered with a web page', response, page)
	);
}

/** The JSON of a whole answer. @throws ProviderError for a web page, and for what is not JSON */
export function jsonOf(response: TransportResponse, body: string): unknown {
	if (isWebPage(body)) throw pageError(response, body);
	const parsed = parseJson(body);
	if (parsed.ok) return parsed.value;
	throw unexpected('The service sent broken JSON', response, body);
}

/** The error for a whole answer that is not what the protocol promises. */
export function unexpected(
	message: string,
	response: TransportResponse,
	body: string,
): ProviderError {
	return new ProviderError('protocol', message, errorDetails(response, body));
}

/** What an answer says about a failure. */
export function errorDetails(
	response: TransportResponse,
	body: string,
): ProviderErrorDetails & { status: number } {
	const { headers, url } = response;
	const said = readServiceError(body);
	const { message, code, parameter, failedGeneration } = said;
	const status = response.status < 400 ? (said.status ?? response.status) : response.status;
	return {
		status,
		serviceMessage: message,
		code,
		parameter,
		failedGeneration,
		requestId: headers['x-request-id'] ?? headers['request-id'],
		address: url && addressOf(url),
		retryAfter: retryAfter({ headers, message, body: said.body, now: Date.now() }),
	};
}

/** The error for a page that asks for a captcha. */
function challengeError(response: TransportResponse, body: string): ProviderError | undefined {
	if (!isWebPage(body) || !CHALLENGE.test(body)) return undefined;
	const details = errorDetails(response, body);
	return new ProviderError('blocked', 'The service asks for a captcha', details);
}
