/** A parsed text, or why it could not be parsed: callers decide what that means. */
export type ParseResult = { ok: true; value: unknown } | { ok: false; reason: string };

/** Parses untrusted text. Never throws. */
export function parseJson(text: string): ParseResult {
	try {
		return { ok: true, value: JSON.parse(text) as unknown };
	} catch (error) {
		return { ok: false, reason: error instanceof Error ? error.message : String(error) };
	}
}

/** A JSON object whose fields nobody has looked at yet. */
export type JsonObject = Record<string, unknown>;

/** The value if it is a JSON object (no array, no null). */
export function asObject(value: unknown): JsonObject | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as JsonObject)
		: undefined;
}

/** The value if it is a string with something in it. */
export function asText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}
