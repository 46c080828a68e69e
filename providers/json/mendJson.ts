const QUOTE = '"';
const QUOTE_CODE = 0x22;
const BACKSLASH_CODE = 0x5c;

/**
 * JSON with the two faults mended that can mean only one thing: raw control characters in strings, such as line
 * breaks, and commas after the last entry. Whatever else is broken stays so.
 */
export function mendJson(text: string): string {
	const parts: string[] = [];
	let position = 0;
	while (position < text.length) {
		const start = text.indexOf(QUOTE, position);
		const outside = start < 0 ? text.slice(position) : text.slice(position, start);
		parts.push(withoutLastCommas(outside));
		if (start < 0) break;
		const end = stringEnd(text, start + 1) ?? text.length;
		parts.push(escapeControls(text.slice(start, end)));
		position = end;
	}
	return parts.join('');
}

/** Where a string ends whose content begins at `start`. By character codes: answers may be 10 MB long. */
export function stringEnd(text: string, start: number): number | undefined {
	for (let position = start; position < text.length; position++) {
		const code = text.charCodeAt(position);
		if (code === QUOTE_CODE) return position + 1;
		if (code === BACKSLASH_CODE) position++;
	}
	return undefined;
}

/** Commas are followed by white space at most once each, so that this takes linear time. */
function withoutLastCommas(text: string): string {
	return text.includes(',') ? text.replace(/,\s*(?=[}\]])/g, '') : text;
}

/** Also those above ASCII, which JSON allows: escaped they mean the same. */
const CONTROLS = /\p{Cc}/gu;

function escapeControls(text: string): string {
	return text.replace(
		CONTROLS,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}
