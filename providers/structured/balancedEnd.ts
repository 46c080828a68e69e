/** What counts outside of strings, and what does inside of them. */
const OUTSIDE = /["{}[\]]/g;
const INSIDE = /["\\]/g;

/** Where the object or list that opens at `start` ends; brackets in its strings do not count. */
export function balancedEnd(text: string, start: number): number | undefined {
	let depth = 0;
	let position = start;
	for (;;) {
		OUTSIDE.lastIndex = position;
		const [mark] = OUTSIDE.exec(text) ?? [];
		if (mark === undefined) return undefined;
		position = OUTSIDE.lastIndex;
		if (mark === '"') {
			const end = stringEnd(text, position);
			if (end === undefined) return undefined;
			position = end;
		} else {
			depth += mark === '{' || mark === '[' ? 1 : -1;
			if (depth === 0) return position;
		}
	}
}

/** Where a string ends whose content begins at `start`. */
function stringEnd(text: string, start: number): number | undefined {
	INSIDE.lastIndex = start;
	for (let mark = INSIDE.exec(text); mark !== null; mark = INSIDE.exec(text)) {
		if (mark[0] === '"') return INSIDE.lastIndex;
		INSIDE.lastIndex += 1;
	}
	return undefined;
}
