import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

import { QUANTITIES } from '../figures.mts';
import type { Results } from '../results.mts';
import type { Row } from '../rows/row.mts';
import { heading } from './text.mts';

const OURS = '#e6553a';
const OTHERS = '#8a97a8';
const isOurs = (name: string) => /\bAiChats\b|n8n-nodes-aichats/.test(name);

/** A row's image as SVG: bars beside each other, or lines where the row shows growth. */
export async function chart(row: Row, results: Results): Promise<string> {
	const spec = row.sizeUnit === undefined ? bars(row, results) : lines(row, results);
	return await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
}

const STYLE = {
	background: 'white',
	padding: 12,
	config: {
		font: 'system-ui, sans-serif',
		view: { stroke: null },
		axis: { grid: false, labelLimit: 800, titleFontWeight: 'normal' as const },
		title: { fontSize: 14, anchor: 'start' as const },
	},
};

/** Medians as bars, and from where to where the rounds lay. */
function bars({ title, charted }: Row, results: Results): TopLevelSpec {
	const values = results.contestants
		.filter(({ name }) => results.has(name, charted))
		.map(({ name }) => ({ name, ours: isOurs(name), ...results.spread(name, charted) }));
	const medians = values.map(({ median }) => median);
	const type = Math.max(...medians) > 100 * Math.min(...medians) ? 'symlog' : 'linear';
	const y = { field: 'name', type: 'nominal' as const, title: null, sort: null };
	return {
		...STYLE,
		title,
		width: 480,
		height: { step: 20 },
		data: { values },
		layer: [
			{
				mark: { type: 'bar', height: { band: 0.7 } },
				encoding: {
					y,
					x: { field: 'median', type: 'quantitative', title: heading(charted), scale: { type } },
					color: {
						field: 'ours',
						type: 'nominal',
						scale: { domain: [true, false], range: [OURS, OTHERS] },
						legend: null,
					},
				},
			},
			{
				mark: { type: 'rule', strokeWidth: 1.5 },
				encoding: { y, x: { field: 'min', type: 'quantitative' }, x2: { field: 'max' } },
			},
		],
	};
}

/** Both axes logarithmic, so that what grows in proportion has a slope of one. */
function lines({ title, charted, sizeUnit = '' }: Row, results: Results): TopLevelSpec {
	const values = results.series.flatMap((series) =>
		results.points(series, charted).map((point) => ({ series, ...point })),
	);
	return {
		...STYLE,
		title: `${title}: ${QUANTITIES[charted].title}`,
		width: 480,
		height: 240,
		data: { values },
		mark: { type: 'line', point: true },
		encoding: {
			x: { field: 'size', type: 'quantitative', title: sizeUnit, scale: { type: 'log' } },
			y: {
				field: 'value',
				type: 'quantitative',
				title: heading(charted),
				scale: { type: 'log' },
			},
			color: {
				field: 'series',
				type: 'nominal',
				title: null,
				scale: { range: [OURS, '#3a7be6', OTHERS] },
				legend: { orient: 'top', labelLimit: 300 },
			},
		},
	};
}
