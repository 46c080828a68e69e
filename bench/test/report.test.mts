import { describe, expect, it } from 'vitest';

import { chart } from '../report/chart.mts';
import { judged, limitsTable } from '../report/limits.mts';
import { figuresTable } from '../report/table.mts';
import { Results } from '../results.mts';
import type { Row } from '../rows/row.mts';

const row: Row = {
	name: 'race',
	title: 'A race',
	about: 'Who is first.',
	quantities: ['wall', 'memory'],
	charted: 'wall',
	reference: 'Other',
	rounds: () => 2,
	contestants: () => [],
	limits: () => [],
};

const race = new Results([
	{
		name: 'AiChats',
		rounds: [
			{ wall: 1000, memory: 5 },
			{ wall: 3000, memory: 5 },
		],
	},
	{ name: 'Other', rounds: [{ wall: 2000 }, { wall: 3000 }] },
]);

const growing = new Results(
	[1, 10, 100].map((size) => ({
		name: `AiChats: ${size}`,
		series: 'AiChats',
		size,
		rounds: [{ wall: size * 2, memory: size }],
	})),
);

describe('The report of a comparison', () => {
	it('tells medians, ranges and the ratio round by round', () => {
		expect(figuresTable(row, race).split('\n')).toEqual([
			'|  | time (ms) | memory growth (MB) | time ÷ Other’s |',
			'| --- | --: | --: | --: |',
			'| AiChats | 2,000 (1,000 to 3,000) | 5 | 0.75 (0.50 to 1.00) |',
			'| Other | 2,500 (2,000 to 3,000) |  | 1.00 |',
		]);
	});

	it('tells what a unit takes where something grows', () => {
		const table = figuresTable({ ...row, sizeUnit: 'item' }, growing);
		expect(table).toContain('| AiChats: 10 | 20 | 2,000.0 | 10 | 1,000.0 |');
		expect(growing.growth('AiChats', 'wall').fitted).toBeCloseTo(1);
	});

	it('marks what is missed, with the reason', () => {
		const value = () => 1.5;
		const missed = judged({ what: 'ratio', value, atMost: 1.1, reason: 'the parser' }, race);
		expect(missed.isMet).toBe(false);
		expect(limitsTable([missed])).toContain('| ratio | at most 1.1 | 1.50 | **no**: the parser |');
		expect(judged({ what: 'ratio', value, atLeast: 1.5 }, race).isMet).toBe(true);
	});

	it('does not take a figure that is no number for one that is met', () => {
		expect(judged({ what: 'ratio', value: () => NaN, atMost: 1 }, race).isMet).toBe(false);
	});

	it.each([
		['bars', row, race],
		['lines', { ...row, sizeUnit: 'item' }, growing],
	])('draws %s as SVG with every name', async (_kind, drawn, results) => {
		const svg = await chart(drawn, results);
		expect(svg).toMatch(/^<svg /);
		expect(svg).toContain('A race');
		expect(svg).toContain('>AiChats<');
	});

	it('cuts no name, however long', async () => {
		const name = 'AiChats, OpenAI-Compatible, one at a time: 10 images of 10 MB, to the end';
		const svg = await chart(row, new Results([{ name, rounds: [{ wall: 1 }] }]));
		expect(svg).toContain(`>${name}<`);
	});
});
