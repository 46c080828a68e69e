import { QUANTITIES } from '../figures.mts';
import type { Results } from '../results.mts';
import type { Row } from '../rows/row.mts';
import { cell, formatted, heading, spreadText } from './text.mts';

type Table = Array<readonly string[]>;

/** A row's figures as a Markdown table. */
export function figuresTable(row: Row, results: Results): string {
	return markdown(row.sizeUnit === undefined ? comparison(row, results) : growth(row, results));
}

/** Markdown for a table whose first line is its head. */
export function markdown([head = [], ...body]: Table): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
	return [head, rule, ...body].map(line).join('\n');
}

function comparison({ quantities, reference, charted }: Row, results: Results): Table {
	const head = ['', ...quantities.map(heading)];
	if (reference !== undefined) head.push(`${QUANTITIES[charted].title} ÷ ${reference}’s`);
	const body = results.contestants.map(({ name }) => {
		const cells = [name, ...quantities.map((quantity) => cell(results, name, quantity))];
		if (reference === undefined) return cells;
		return [...cells, spreadText(results.ratio(name, reference, charted), 2)];
	});
	return [head, ...body];
}

/** With what one unit takes, which stays the same where something grows in proportion. */
function growth({ quantities, sizeUnit = '' }: Row, results: Results): Table {
	const head = ['', ...quantities.flatMap((name) => [heading(name), perUnit(name, sizeUnit)])];
	const body = results.contestants.map(({ name, size = 1 }) => [
		name,
		...quantities.flatMap((quantity) => [
			cell(results, name, quantity),
			formatted((results.median(name, quantity) * SMALLER) / size, 1),
		]),
	]);
	return [head, ...body];
}

/** From ms to µs, and from MB to kB. */
const SMALLER = 1000;
const SMALLER_UNITS: Record<string, string> = { ms: 'µs', MB: 'kB' };

function perUnit(quantity: Row['charted'], sizeUnit: string): string {
	const { unit } = QUANTITIES[quantity];
	return `per ${sizeUnit} (${SMALLER_UNITS[unit]})`;
}
