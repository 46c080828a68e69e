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
