import { asObject, asText } from '../decode/json';

/** What of an answer may say when to come back. */
export interface HintSource {
	/** Lower-case names. */
	headers: Record<string, string>;
	/** The service's message. */
	message: string;
	/** The parsed body, where it is JSON. */
	body?: unknown;
	/** Wall clock, in ms since 1970: services send dates. */
	now: number;
}

/** How long a service asks to wait, in ms: the longest of its hints. Undefined when it gives none. */
export function retryAfter({ headers, message, body, now }: HintSource): number | undefined {
	const hints = [
		plainNumber(headers['retry-after-ms']) ?? retryAfterHeader(headers['retry-after'], now),
		retryDelay(body),
		duration(IN_WORDS.exec(message)?.[1]?.toLowerCase()),
		...exhaustedLimits(headers, now),
	].filter((hint) => hint !== undefined);
	return hints.length === 0 ? undefined : Math.max(0, ...hints);
}

function plainNumber(text = ''): number | undefined {
	return /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

/** Seconds, or one of the three forms of an HTTP date (RFC 9110, 10.2.3 and 5.6.7), which all hold a time. */
function retryAfterHeader(value = '', now: number): number | undefined {
	const seconds = plainNumber(value);
	if (seconds !== undefined) return seconds * 1000;
	// Date.parse takes nearly anything for a date.
	const isDate = /[a-z]{3}.*\d\d:\d\d:\d\d/i.test(value);
	const date = isDate ? Date.parse(value) : NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Google's RetryInfo (google.rpc, error details): `{ "retryDelay": "17s" }`, in an error or a list of one. */
function retryDelay(body: unknown): number | undefined {
	const [first] = [body].flat();
	const details = [asObject(asObject(first)?.['error'])?.['details']].flat();
	const delays = details.map((detail) => asText(asObject(detail)?.['retryDelay']));
	return duration(delays.find(Boolean));
}

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000 };
const AMOUNT =
	/(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)(?![a-z])/;
const WHOLE = new RegExp(`^(?:${AMOUNT.source})+$`);

/** A duration such as `7.66s`, `6m0s`, `350ms` or `2 minutes`, in ms. */
function duration(text = ''): number | undefined {
	if (!WHOLE.test(text)) return undefined;
	let sum = 0;
	for (const [, amount, unit = ''] of text.matchAll(new RegExp(AMOUNT, 'g'))) {
		sum += Number(amount) * (/^(ms|milli)/.test(unit) ? 1 : (UNITS[unit.charAt(0)] ?? 0));
	}
	return sum;
}

/** "Please try again in 7.66s", "in 2m59.5s", "wait 20 seconds". */
const IN_WORDS = new RegExp(
	`\\b(?:try(?:ing)? again|retry|wait)\\b[^.!?;]{0,60}?\\b(?:in|after|for|wait)?\\s*(?:about )?((?:${AMOUNT.source}){1,4})(?!\\d)`,
	'i',
);

/** Larger numbers are times, not durations: in s since 1970, or in ms. */
const MIN_EPOCH_SECONDS = 1e9;
const MIN_EPOCH_MILLISECONDS = 1e12;

/**
 * When the limits are renewed of which nothing remains, in ms from now each: `x-ratelimit-reset-requests`
 * (OpenAI, Groq, Azure), `x-ratelimit-reset` (OpenRouter), `ratelimit-reset` (a draft of the IETF),
 * `anthropic-ratelimit-requests-reset`.
 */
function exhaustedLimits(headers: Record<string, string>, now: number): number[] {
	const waits: number[] = [];
	for (const name in headers) {
		if (!/ratelimit-(.*-)?reset\b/.test(name)) continue;
		const remaining = plainNumber(headers[name.replace('-reset', '-remaining')]);
		const wait = remaining === 0 ? renewal(headers[name] ?? '', now) : undefined;
		if (wait !== undefined) waits.push(Math.max(0, wait));
	}
	return waits;
}

function renewal(value: string, now: number): number | undefined {
	const seconds = plainNumber(value);
	if (seconds === undefined) {
		const date = /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) - now : NaN;
		return Number.isNaN(date) ? duration(value.trim().toLowerCase()) : date;
	}
	if (seconds >= MIN_EPOCH_MILLISECONDS) return seconds - now;
	return seconds >= MIN_EPOCH_SECONDS ? seconds * 1000 - now : seconds * 1000;
}

/** How long an answer says that its service's limits are used up, in ms; 0 if it says nothing of the kind. */
export function exhaustedFor(headers: Record<string, string>, now: number): number {
	return Math.max(0, ...exhaustedLimits(headers, now));
}
