import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { format, resolveConfig } from 'prettier';

import { surroundings } from '../report/surroundings.mts';
import { formatted } from '../report/text.mts';
import type { QueueFigures } from './figures.mts';
import { measuredText } from './measuredText.mts';
import { projectedText } from './projectedText.mts';

const FILE = path.resolve(import.meta.dirname, '../../docs/scaling.md');
/** Of what other comparisons are made with. */
const ELSEWHERE = new Set(['undici', 'eventsource-parser', '@n8n/ai-node-sdk']);

/** Puts the figures into the page, between its marks. */
export async function writeFigures(figures: QueueFigures): Promise<void> {
	await writeSections({
		measured: `${await madeWith(figures)}\n\n${measuredText(figures)}`,
		projected: projectedText(figures),
	});
}

/** Puts texts into the page, by the names of their marks. @throws Error when the page lacks one of them */
export async function writeSections(sections: Record<string, string>): Promise<void> {
	let page = await readFile(FILE, 'utf8');
	for (const [name, text] of Object.entries(sections)) page = withSection(page, name, text);
	const options = await resolveConfig(FILE);
	await writeFile(FILE, await format(page, { ...options, filepath: FILE }));
}

/** @throws Error when the page has no such marks */
export function withSection(page: string, name: string, text: string): string {
	const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
	const [from, to] = [page.indexOf(begin), page.indexOf(end)];
	if (from < 0 || to < from) throw new Error(`The page has no section '${name}'`);
	return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

async function madeWith({ n8nVersion, versions, load }: QueueFigures): Promise<string> {
	const rows = (await surroundings(n8nVersion)).filter(([name]) => !ELSEWHERE.has(name));
	const loads = load.map((one) => formatted(one, 1)).join(' before, ');
	return [
		...rows,
		...Object.entries(versions),
		['Load of the machine', `${loads} after (processes that wanted to run)`],
	]
		.map(([name, value]) => `- ${name}: ${value}`)
		.join('\n');
}
