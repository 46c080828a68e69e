import type { QuantityName } from '../figures.mts';
import type { Bench } from '../lab/Bench.mts';
import { runWorkflow } from '../lab/runWorkflow.mts';
import { PROVIDERS, type ProviderName } from '../workflows/aiChats.mts';
import type { Recipe } from '../workflows/node.mts';
import type { Contestant, Limit, Row, Scale } from './row.mts';

/** Linear, with room for the noise of a machine. */
const MOST = 1.1;

/** By how much the memory of an n8n rises that does next to nothing, in MB. */
const MEMORY_NOISE = 8;

/** The sizes up to this one are done once before anything counts, as the first execution loads code. */
const WARM_UP_SIZE = 10;

/** Work that grows in one direction. */
export interface Growth {
	name: string;
	title: string;
	about: string;
	/** What the sizes count, e.g. `item`. */
	unit: string;
	sizes: Record<Scale, readonly number[]>;
	/** Of a full run. */
	rounds?: number;
	/** The series to measure, by default both providers with `chat`. */
	series?: ReadonlyArray<{
		title: string;
		provider: ProviderName;
		kind: 'chat' | 'link' | 'base64';
	}>;
	recipe(bench: Bench, provider: ProviderName, kind: 'chat' | 'link' | 'base64'): Recipe;
	/** Who does the same, for comparison. */
	rival?: { name: string; recipe(bench: Bench): Recipe };
	/** Why the time may grow faster, found in a profile. */
	reason?: string;
	/** The items of a run of that size. */
	items(size: number): { items: readonly unknown[]; fileBytes?: number };
}

/** A row that tells how time and memory grow. */
export function growthRow(growth: Growth): Row {
	const series = growth.series ?? PROVIDERS.map(({ name, title }) => chatSeries(name, title));
	const quantities: QuantityName[] = ['wall', 'memory'];
	return {
		name: growth.name,
		title: growth.title,
		about: growth.about,
		quantities,
		charted: 'wall',
		sizeUnit: growth.unit,
		rounds: (scale) => (scale === 'full' ? (growth.rounds ?? 3) : 1),
		contestants: (bench, scale) => {
			const own = series.map(({ title, provider, kind }) => ({
				name: `AiChats, ${title}`,
				recipe: growth.recipe(bench, provider, kind),
			}));
			const { rival } = growth;
			const all = rival ? [...own, { name: rival.name, recipe: rival.recipe(bench) }] : own;
			return all.flatMap(({ name, recipe }) =>
				growth.sizes[scale].map((size) => contestant(name, growth, recipe, size)),
			);
		},
		limits: () => series.flatMap(({ title }) => limitsOf(`AiChats, ${title}`, growth.reason)),
	};
}

function chatSeries(provider: ProviderName, title: string) {
	return { title, provider, kind: 'chat' as const };
}

function contestant(series: string, growth: Growth, recipe: Recipe, size: number): Contestant {
	const { items, fileBytes } = growth.items(size);
	const run = {
		name: `${growth.name} ${series}`,
		recipe,
		items,
		...(fileBytes === undefined ? {} : { fileBytes }),
	};
	return {
		name: `${series}: ${size.toLocaleString('en-US')}`,
		series,
		size,
		warmUp: async (bench) => {
			if (size <= WARM_UP_SIZE) await runWorkflow(bench, await bench.n8n(), run);
		},
		measure: async (bench) => await runWorkflow(bench, await bench.n8n(), run),
	};
}

function limitsOf(series: string, reason: string | undefined): Limit[] {
	const explained = reason === undefined ? {} : { reason };
	return [
		{
			what: `${series}: exponent of the time`,
			value: (results) => results.growth(series, 'wall').fitted,
			atMost: MOST,
			...explained,
		},
		{
			what: `${series}: exponent of the time between the two largest sizes`,
			value: (results) => results.growth(series, 'wall').last,
			atMost: MOST,
			...explained,
		},
		{
			what: `${series}: exponent of the memory`,
			value: (results) => results.growth(series, 'memory', MEMORY_NOISE).fitted,
			atMost: MOST,
		},
	];
}
