import { ExecutionBaseError } from 'n8n-workflow';

import { asObject, asText, type JsonObject } from '../../providers/decode/json';
import { ProviderError, refusal } from '../../providers/errors';
import { brokenOff } from '../../providers/http/sendFollowing';
import { answerError } from '../../providers/http/serviceErrors';
import { abortError, causesOf, networkError } from '../../transport/networkError';
import { redactor } from '../../transport/redact';
import { providerErrorBehind } from '../shared/toNodeError';
import { NO_RESPONSE } from './langChain';

/** What Node.js and the older node-fetch say of an answer whose body broke off. */
const BROKEN_OFF = /^terminated$|premature close/i;

/**
 * What the connected chat model threw as an error of ours, so that advice, limits and error items are the
 * same. Each vendor's client has other names for the same things; n8n wraps some of their errors.
 * @param hasBegun whether a part of an answer has arrived
 */
export function connectedError(
	error: unknown,
	signal: AbortSignal,
	hasBegun?: boolean,
): ProviderError {
	if (signal.aborted) return abortError(signal);
	const causes = causesOf(error);
	const own = causes.map(providerErrorBehind).find(Boolean);
	if (own !== undefined) return own;
	// OpenAI's client keeps what the service said within a stream, where there is no status.
	const answered =
		causes.findLast((cause) => statusOf(cause) !== undefined) ??
		causes.find((cause) => asText(asObject(cause['error'])?.['message']) !== undefined);
	if (answered !== undefined) return httpFailure(answered);
	const failure = networkError(error, signal);
	const isBroken = hasBegun || causes.some(({ message }) => BROKEN_OFF.test(String(message)));
	if (failure.details.code === 'UNKNOWN') return unanswered(causes, isBroken);
	return isBroken ? brokenOff(failure) : failure;
}

/** Errors of n8n's nodes say themselves what to do. */
function adviceOf(error: unknown): string | undefined {
	return error instanceof ExecutionBaseError ? asText(error.description) : undefined;
}

/** Without a status: the client's own refusal, a time limit, or a mistake. */
function unanswered(causes: readonly JsonObject[], isBroken: boolean): ProviderError {
	const [error] = causes;
	const { name, message } = causes.at(-1) ?? {};
	const text = asText(message) ?? 'Unknown error';
	const explanation = adviceOf(error);
	if (!isBroken && explanation !== undefined) {
		return refusal(String(error?.['message']), explanation);
	}
	if (name === 'TimeoutError' || /\btimed? ?out\b/i.test(text)) {
		return new ProviderError('timeout', 'The connected chat model timed out', {
			explanation: 'Raise the time limit of the connected node.',
			serviceMessage: text,
		});
	}
	if (isBroken) {
		const details = { explanation, serviceMessage: text };
		return new ProviderError('truncated', 'The answer broke off', details);
	}
	return new ProviderError('protocol', 'The connected chat model failed', {
		explanation: 'Check the fields of the connected node.',
		serviceMessage: text,
	});
}

function statusOf(cause: JsonObject): number | undefined {
	const { status, statusCode, status_code: ollama, httpCode, code } = cause;
	const response = asObject(cause['response'])?.['status'];
	const aws = asObject(cause['$metadata'])?.['httpStatusCode'];
	return [status, statusCode, ollama, response, aws, httpCode, code]
		.map(Number)
		.find((number) => number >= 400 && number < 600);
}

function httpFailure(cause: JsonObject): ProviderError {
	const { headers, response } = cause;
	const answer = {
		...NO_RESPONSE,
		status: statusOf(cause) ?? NO_RESPONSE.status,
		headers: { ...headersOf(asObject(response)?.['headers']), ...headersOf(headers) },
	};
	const failure = answerError(answer, bodyOf(cause));
	const explanation = adviceOf(cause);
	return explanation === undefined ? failure : failure.with({ explanation, serviceMessage: '' });
}

/** What the service said, as far as the client kept it; otherwise what the client made of it. */
function bodyOf(cause: JsonObject): string {
	const { body, error, message, errorDetails: details } = cause;
	const said = [asObject(cause['response'])?.['data'], body, error].find(
		(candidate) => asText(candidate) !== undefined || asObject(candidate) !== undefined,
	);
	if (typeof said === 'string') return said;
	if (said !== undefined) return JSON.stringify({ error: said });
	// Anthropic's and OpenAI's clients begin their messages with the status.
	const text = (asText(message) ?? '').replace(/^\d{3} /, '');
	return Array.isArray(details) ? JSON.stringify({ error: { message: text, details } }) : text;
}

function headersOf(headers: unknown): Record<string, string> {
	const { entries } = Object(headers) as { entries?: unknown };
	const list =
		typeof entries === 'function'
			? Array.from(entries.call(headers) as Iterable<[unknown, unknown]>)
			: Object.entries(asObject(headers) ?? {});
	return Object.fromEntries(
		list.map(([name, value]) => [String(name).toLowerCase(), String(value)]),
	);
}

/** What looks like a key: its vendor's beginning, a JSON Web Token, or what stands where keys stand. */
const KEYS: readonly RegExp[] = [
	/\b(?:sk|rk|pk|gsk|xai|hf|nvapi|pplx|csk|r8|fw|ya29)[-_.][\w.*-]{7,}[\w*-]/g,
	/\b(?:AIza|AKIA|ASIA)[\w-]{12,}/g,
	/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
	/(?<=[?&]key=)[^\s"'&]+/g,
	// But not a word, as in "Basic authentication is off".
	/(?<=\b(?:[Bb]earer|[Bb]asic|BEARER|BASIC) )(?![A-Z]?[a-z]{1,15}\.?(?![\w.~+/=-]))[\w.~+/=-]{8,}/g,
	/(?<=\b(?:authorization|(?:x-)?(?:goog-)?api[-_]?key|token|secret)"?\s?[:=]\s?"?)[^\s"',;&]{8,}/gi,
];

/**
 * Takes secrets out of a text. The credential is the connected node's, which nobody else can read: these are
 * the secrets that its model names, and what looks like one.
 */
export function maskKeys(text: string, secrets: ReadonlySet<string>): string {
	const named = Object.fromEntries([...secrets].entries());
	const rest = redactor(named, Object.keys(named))(text);
	return KEYS.reduce((masked, key) => masked.replace(key, '*****'), rest);
}

/** The values of the fields that a model of LangChain names as its secrets. */
export function secretsIn(model: object): string[] {
	const fields = asObject(model) ?? {};
	const names = Object.keys(asObject(fields['lc_secrets']) ?? {});
	return names.flatMap((name) => asText(fields[name]) ?? []);
}
