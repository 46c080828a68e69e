import { asObject, asText, type JsonObject, parseJson } from '../decode/json';
import { ProviderError, type ProviderErrorDetails, toProviderError } from '../errors';
import type { TransportResponse } from '../Transport';

/** Statuses where asking again is harmless and may help. */
const RETRYABLE = new Set([408, 429, 502, 503, 504]);
const QUOTA_CODES = new Set(['insufficient_quota', 'billing_hard_limit_reached']);
/** In UTF-16 code units. */
const ERROR_BODY_LENGTH = 64 * 1024;
const CHALLENGE =
	/captcha|checking your browser|verify (that )?you are (a )?human|are you a robot|just a moment|attention required|enable javascript and cookies/i;

/** The error for an answer with an error status (400 and above), or with a redirect that leads nowhere. */
export async function httpError(response: TransportResponse): Promise<ProviderError> {
	const text = await readErrorBody(response);
	if (isChallenge(text)) return blockedError(response, text);
	return statusError(errorDetails(response, text));
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
export function inBandError(response: TransportResponse, body: string): ProviderError {
	const details = errorDetails(response, body);
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
export function pageError(response: TransportResponse, page: string): ProviderError {
	if (isChallenge(page)) return blockedError(response, page);
	return new ProviderError(
		'protocol',
		'The service answered with a web page',
		errorDetails(response, page),
	);
}

/** What an answer tells about a failure. */
export function errorDetails(
	response: TransportResponse,
	body: string,
): ProviderErrorDetails & { status: number } {
	const requestId = response.headers['x-request-id'] ?? response.headers['request-id'];
	const { message, code, parameter } = readServiceError(body);
	const wait = retryAfter(response.headers, Date.now());
	return {
		status: response.status,
		serviceMessage: message,
		...(code === undefined ? {} : { code }),
		...(parameter === undefined ? {} : { parameter }),
		...(requestId === undefined ? {} : { requestId }),
		...(wait === undefined ? {} : { retryAfter: wait }),
	};
}

function isChallenge(body: string): boolean {
	return isWebPage(body) && CHALLENGE.test(body);
}

function blockedError(response: TransportResponse, page: string): ProviderError {
	return new ProviderError(
		'blocked',
		'The service asks for a captcha',
		errorDetails(response, page),
	);
}

const PAGE_BEGINNING = 8192;
/** Errors are wrapped in errors, but not without end. */
const MAX_DEPTH = 4;

/** What an error body tells. */
export interface ServiceError {
	/** The service's own words, on one line. */
	message: string;
	/** The provider's code, such as `insufficient_quota`. */
	code?: string;
	/** The request's field that it complains of. */
	parameter?: string;
}

/** Reads an error body: JSON of the usual shapes (OpenAI, Azure, FastAPI, a list of those), HTML, plain text. */
export function readServiceError(body: string): ServiceError {
	if (isWebPage(body)) return { message: onOneLine(pageWords(body)) };
	const parsed = parseJson(body);
	if (!parsed.ok) return { message: onOneLine(body) };
	const source = errorObject(firstOf(parsed.value));
	const { code: given } = source;
	const code =
		typeof given === 'number' ? String(given) : (asText(given) ?? asText(source['type']));
	const parameter = asText(source['param']) ?? fieldOf(source['detail']);
	return {
		message: onOneLine(errorWords(parsed.value) ?? body),
		...(code === undefined ? {} : { code }),
		...(parameter === undefined ? {} : { parameter }),
	};
}

/** The field that FastAPI names: `{ "detail": [{ "loc": ["body", "stream_options"] }] }`. */
function fieldOf(detail: unknown): string | undefined {
	const { loc, detail: wrapped } = asObject(firstOf(detail)) ?? {};
	const place: unknown = loc ?? asObject(firstOf(wrapped))?.['loc'];
	if (!Array.isArray(place)) return undefined;
	return asText(place.filter((step) => step !== 'body').join('.'));
}

function onOneLine(words: string): string {
	return words.replace(/\s+/g, ' ').trim();
}

/** Whether a body is a web page where data was expected. */
export function isWebPage(body: string): boolean {
	return /^\uFEFF?\s*(<!--[\s\S]*?-->\s*)?<(!doctype html|html|head|body)\b/i.test(body);
}

/** Only the page's beginning: the patterns take quadratic time on pages made to hang them. */
function pageWords(page: string): string {
	const beginning = page.slice(0, PAGE_BEGINNING);
	const title = /<title[^<>]*>([^<]*)/i.exec(beginning)?.[1]?.trim();
	if (title) return title;
	return beginning.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^<>]*>/g, ' ');
}

/** The innermost object that speaks of the error. */
function errorObject(value: unknown): JsonObject {
	const object = asObject(value) ?? {};
	return asObject(object['error']) ?? object;
}

function errorWords(value: unknown, depth = 0): string | undefined {
	const source = firstOf(value);
	const object = asObject(source);
	if (object === undefined) return asText(source);
	if (depth >= MAX_DEPTH) return undefined;
	const { error, message, detail, msg } = object;
	return (
		asText(message) ?? asText(msg) ?? errorWords(error, depth + 1) ?? errorWords(detail, depth + 1)
	);
}

/** Some servers send a list of errors. */
function firstOf(value: unknown): unknown {
	return Array.isArray(value) ? (value[0] as unknown) : value;
}

/**
 * How long an answer asks to wait, in ms: `retry-after-ms`, or `retry-after` as seconds or as an
 * HTTP date (RFC 9110, 10.2.3). Undefined when it does not ask, or not understandably.
 */
export function retryAfter(headers: Record<string, string>, now: number): number | undefined {
	const milliseconds = nonNegative(headers['retry-after-ms']);
	if (milliseconds !== undefined) return milliseconds;
	const value = headers['retry-after'];
	const seconds = nonNegative(value);
	if (seconds !== undefined) return seconds * 1000;
	// Date.parse takes nearly anything for a date; an HTTP date names its month.
	const date = /[a-z]{3}/i.test(value ?? '') ? Date.parse(value ?? '') : NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function nonNegative(text: string | undefined): number | undefined {
	return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
