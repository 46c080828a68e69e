/** One field of an event stream. */
export interface Field {
	name: string;
	value: string;
}

/**
 * A line of an event stream as a field (WHATWG HTML, 9.2.6); undefined for a comment or an empty line.
 * Exactly one space behind the colon belongs to the framing.
 */
export function parseField(line: string): Field | undefined {
	const colon = line.indexOf(':');
	if (line === '' || colon === 0) return undefined;
	if (colon < 0) return { name: line, value: '' };
	const start = line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1;
	return { name: line.slice(0, colon), value: line.slice(start) };
}
