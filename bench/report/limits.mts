import type { Results } from '../results.mts';
import type { Limit } from '../rows/row.mts';
import { markdown } from './table.mts';
import { formatted } from './text.mts';

/** A limit held against what was measured. */
export interface Verdict {
	what: string;
	value: number;
	/** E.g. `at most 1.15`. */
	line: string;
	isMet: boolean;
	reason?: string;
}

export function judged({ what, value, atMost, atLeast, reason }: Limit, results: Results): Verdict {
	const found = value(results);
	const line = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
	const isMet = found <= (atMost ?? Infinity) && found >= (atLeast ?? -Infinity);
	return { what, value: found, line, isMet, ...(reason === undefined ? {} : { reason }) };
}

/** Markdown; missed lines are marked and explained. */
export function limitsTable(verdicts: readonly Verdict[]): string {
	const body = verdicts.map(({ what, value, line, isMet, reason }) => [
		what,
		line,
		formatted(value, 2),
		isMet ? 'yes' : `**no**${reason === undefined ? '' : `: ${reason}`}`,
	]);
	return markdown([['Line', 'target', 'measured', 'met'], ...body]);
}
