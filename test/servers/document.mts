import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { format, resolveConfig } from 'prettier';

import type { Report } from './main.mts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/servers.md');
const BEGIN = '<!-- written by npm run test:servers -->';
const END = '<!-- end -->';

const SIGNS: Record<Report['outcomes'][string]['result'], string> = {
	works: 'works',
	refused: 'refused',
	ignored: 'no effect',
	'not run': 'not run',
	fault: '**fault**',
};

/** Writes what was found into the page, between its marks. */
export async function writePage(
	reports: readonly Report[],
	checks: readonly string[],
): Promise<void> {
	const page = await readFile(PAGE, 'utf8');
	const [before, rest] = page.split(BEGIN);
	const after = rest?.split(END)[1];
	if (before === undefined || after === undefined) throw new Error(`${PAGE} lacks its marks`);
	const written = `${before}${BEGIN}\n\n${tables(reports, checks)}\n\n${END}${after}`;
	const options = await resolveConfig(PAGE);
	await writeFile(PAGE, await format(written, { ...options, filepath: PAGE }));
}

function tables(reports: readonly Report[], checks: readonly string[]): string {
	const run = reports.filter(({ outcomes }) => Object.keys(outcomes).length > 0);
	const missing = reports.filter((report) => !run.includes(report));
	const date = new Date().toISOString().slice(0, 10);
	const notes = notesOf(run, checks);
	const head = ['', ...run.map(({ label, version }) => `${label} ${version}`)];
	const rows = checks.map((check) => [
		check,
		...run.map(({ outcomes }) => cell(outcomes[check], notes)),
	]);
	const seconds = ['Seconds', ...run.map((report) => String(Math.round(report.seconds)))];
	return [
		`Run on ${date}, with the node and the Chat Model of this package on n8n's engine.`,
		table([head, ...rows, seconds]),
		notes.map((note, index) => `${index + 1}. ${note}`).join('\n'),
		...missing.map(({ label, reason }) => `- **${label}: not run.** ${reason}`),
	].join('\n\n');
}

type Found = Report['outcomes'][string] | undefined;

function cell(outcome: Found, notes: readonly string[]): string {
	if (outcome === undefined) return 'not run';
	const sign = SIGNS[outcome.result];
	const number = outcome.note === undefined ? 0 : notes.indexOf(outcome.note) + 1;
	return number === 0 ? sign : `${sign} (${number})`;
}

/** Each note once, in the order of the table. What works needs none but for what it says of the server. */
function notesOf(reports: readonly Report[], checks: readonly string[]): string[] {
	const outcomes = checks.flatMap((check) => reports.map((report) => report.outcomes[check]));
	const notes = outcomes.map((outcome) => {
		const isShown = outcome?.result !== 'works' || outcome.isRemarkable === true;
		return isShown ? outcome?.note : undefined;
	});
	return [...new Set(notes.filter((note) => note !== undefined))];
}

function table([head, ...rows]: string[][]): string {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [line(head!), line(head!.map(() => '---')), ...rows.map(line)].join('\n');
}
