import { Bench } from './lab/Bench.mts';
import { measureRow } from './measureRow.mts';
import { isAlarming, outcomeOf, type RowOutcome, toJson } from './outcome.mts';
import { Progress } from './progress.mts';
import { writeDocument } from './report/document.mts';
import { limitsTable } from './report/limits.mts';
import { figuresTable } from './report/table.mts';
import { ROWS } from './rows/index.mts';
import type { Row, Scale } from './rows/row.mts';

export interface CompareOptions {
	quick?: boolean;
	/** Names of rows; all by default. */
	only?: string[];
	json?: boolean;
}

/** Measures and tells. @returns 1 when something failed or a line was missed for no known reason */
export async function compare({ quick, only, json }: CompareOptions): Promise<0 | 1> {
	const scale: Scale = quick ? 'quick' : 'full';
	const rows = ROWS.filter(({ name }) => only === undefined || only.includes(name));
	const progress = new Progress();
	const bench = await Bench.open((line) => progress.say(line));
	const leave = () => void bench.close().finally(() => process.exit(130));
	process.once('SIGINT', leave);
	try {
		const outcomes: RowOutcome[] = [];
		for (const row of rows) {
			const outcome = await measured(row, bench, scale, progress);
			outcomes.push(outcome);
			if (!json) print(outcome);
			// After each row: a run that is stopped later has not been for nothing.
			if (!quick && only === undefined) await writeDocument(outcomes, bench.installation.version);
		}
		if (json) console.log(JSON.stringify(outcomes.map(toJson), undefined, '\t'));
		return !quick && outcomes.some(isAlarming) ? 1 : 0;
	} finally {
		process.off('SIGINT', leave);
		await bench.close();
	}
}

/** One row's failure does not take the others with it. */
async function measured(
	row: Row,
	bench: Bench,
	scale: Scale,
	progress: Progress,
): Promise<RowOutcome> {
	try {
		const results = await measureRow(row, bench, scale, (what) => progress.say(what));
		return outcomeOf(row, results, scale);
	} catch (error) {
		return { row, failure: error instanceof Error ? error.message : String(error) };
	} finally {
		await bench.dropSpare();
		progress.end();
	}
}

function print(outcome: RowOutcome): void {
	const { row } = outcome;
	console.log(`\n${row.title} [${row.name}]\n`);
	if ('failure' in outcome) console.log(`Not measured: ${outcome.failure}`);
	else {
		console.log(figuresTable(row, outcome.results));
		if (outcome.verdicts.length > 0) console.log(`\n${limitsTable(outcome.verdicts)}`);
	}
}
