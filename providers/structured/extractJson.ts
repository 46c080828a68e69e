import { type ParseResult, parseJson } from '../decode/json';
import { balancedEnd } from './balancedEnd';

/** Most characters to look at for one answer: texts made of brackets take quadratic time. */
const MOST_STEPS = 10_000_000;
const FENCE_BEFORE = /```[^\n`]*\s*$/;
const LONGEST_FENCE = 64;
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
		if (steps > MOST_STEPS) return;
		const parsed = end === undefined ? undefined : parseJson(answer.slice(start, end));
		if (parsed?.ok !== true || end === undefined) continue;
		const before = answer.slice(Math.max(0, start - LONGEST_FENCE), start);
		yield { value: parsed.value, length: end - start, fenced: FENCE_BEFORE.test(before) };
		opening.lastIndex = end;
	}
}
