import { parseJson, type ParseResult } from '../decode/json';

/** Most characters to look at for one answer: texts made of brackets take quadratic time. */
const MAX_STEPS = 10_000_000;
const FENCE_BEFORE = /```[^\n`]*\s*$/;
const MAX_FENCE_LENGTH = 64;
/** The rest, such as a number in a fence. */
const FENCED = /```[a-z]*\s*([^`]*)```/i;

interface Candidate {
	value: unknown;
	length: number;
	fenced: boolean;
}

/** The JSON value in an answer that may wrap it in a code fence or in sentences. */
export function extractJson(answer: string): ParseResult {
	const whole = parseJson(answer);
	if (whole.ok) return whole;
	const [best] = [...candidates(answer)].sort(
		(a, b) => Number(b.fenced) - Number(a.fenced) || b.length - a.length,
	);
	if (best !== undefined) return { ok: true, value: best.value };
	const fenced = parseJson(FENCED.exec(answer)?.[1] ?? '');
	return fenced.ok ? fenced : { ok: false, reason: `it is not JSON (${whole.reason})` };
}

/** The objects and lists in a text that are not parts of others. */
function* candidates(answer: string): Generator<Candidate> {
	const opening = /[{[]/g;
	let steps = 0;
	for (let found = opening.exec(answer); found !== null; found = opening.exec(answer)) {
		const start = found.index;
		const end = balancedEnd(answer, start);
		steps += (end ?? answer.length) - start;
		if (steps > MAX_STEPS) return;
		const parsed = end === undefined ? undefined : parseJson(answer.slice(start, end));
		if (parsed?.ok !== true || end === undefined) continue;
		const before = answer.slice(Math.max(0, start - MAX_FENCE_LENGTH), start);
		yield { value: parsed.value, length: end - start, fenced: FENCE_BEFORE.test(before) };
		opening.lastIndex = end;
	}
}

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
