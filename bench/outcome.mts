import { type Verdict, judged } from './report/limits.mts';
import type { Results } from './results.mts';
import type { Row, Scale } from './rows/row.mts';

/** What became of a row. */
export type RowOutcome =
	| { row: Row; results: Results; verdicts: Verdict[] }
	| { row: Row; failure: string };

export function outcomeOf(row: Row, results: Results, scale: Scale): RowOutcome {
	return { row, results, verdicts: row.limits(scale).map((limit) => judged(limit, results)) };
}

/** Whether something is wrong that nobody knows the reason of. */
export function isAlarming(outcome: RowOutcome): boolean {
	if ('failure' in outcome) return true;
	return outcome.verdicts.some(({ isMet, reason }) => !isMet && reason === undefined);
}

/** For `--json`: every round of every contestant, and the verdicts. */
export function toJson(outcome: RowOutcome): object {
	const { name, title } = outcome.row;
	if ('failure' in outcome) return { name, title, failure: outcome.failure };
	return {
		name,
		title,
		contestants: outcome.results.contestants,
		verdicts: outcome.verdicts,
	};
}
