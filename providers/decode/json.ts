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

/** The fields that may be undefined become optional. */
type WithoutUndefined<Fields> = {
	[Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
	[Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<
		Fields[Name],
		undefined
	>;
};

/** An object without its undefined fields. */
export function withoutUndefined<Fields extends object>(fields: Fields): WithoutUndefined<Fields> {
	const known: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(fields)) if (value !== undefined) known[name] = value;
	return known as WithoutUndefined<Fields>;
}

/** The value if it is a string with something in it. */
export function asText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}
