import type { Bench } from '../lab/Bench.mts';
import { runWorkflow } from '../lab/runWorkflow.mts';
import { aiChats, PROVIDERS, type ProviderName } from '../workflows/aiChats.mts';
import type { Recipe } from '../workflows/node.mts';
import { images } from '../workflows/prompts.mts';
import { httpPicture } from '../workflows/rivals.mts';
import type { Contestant, Limit, Row, Scale } from './row.mts';

interface Load {
	count: number;
	/** Of each image. */
	megabytes: number;
}

const LOADS: Record<Scale, readonly Load[]> = {
	full: [
		{ count: 10, megabytes: 10 },
		{ count: 1, megabytes: 50 },
		{ count: 1, megabytes: 200 },
	],
	quick: [
		{ count: 1, megabytes: 10 },
		{ count: 1, megabytes: 50 },
	],
};
/** Seen with V8's --trace-gc. */
const REASON =
	'V8 frees the pieces that were read when it has marked all of n8n’s memory, some 200 MB in 130 ms; what goes by meanwhile is what rises, with HTTP Request as well';
const REASON_OF_MANY = 'ten at a time are faster, so more goes by meanwhile (see the next line)';
const WARM_UP: Load = { count: 5, megabytes: 1 };
const HTTP = 'HTTP Request, response as file';

const loadText = ({ count, megabytes }: Load) =>
	`${count} ${count === 1 ? 'image' : 'images'} of ${megabytes} MB`;
const nameOf = (who: string, load: Load) => `${who}: ${loadText(load)}`;
const parallelsFor = ({ count }: Load) => (count > 1 ? [10, 1] : [10]);
function ourTitle(provider: ProviderName, parallel = 10): string {
	const title = `AiChats, ${PROVIDERS.find(({ name }) => name === provider)?.title}`;
	return parallel === 1 ? `${title}, one at a time` : title;
}

/** How much memory images take on their way from a link to n8n's storage. */
export const picturesRow: Row = {
	name: 'images',
	title: 'Memory while images are fetched',
	about:
		'By how much the resident memory of the n8n process rises at its peak, as the kernel counts it. Each measurement has a fresh n8n (with `--quick` all have the same), which is warmed up with five small images and has collected all garbage. The image is offered as a link, fetched and written to n8n’s storage of files. Garbage that V8 has not yet collected is in it for all.',
	quantities: ['memory', 'wall'],
	charted: 'memory',
	rounds: (scale) => (scale === 'full' ? 5 : 1),
	contestants(bench, scale) {
		const { service } = bench;
		return LOADS[scale].flatMap((load) => [
			...PROVIDERS.flatMap(({ name: provider }) =>
				parallelsFor(load).map((parallel) => {
					const recipe = aiChats({ provider, kind: 'link', parallel });
					return contestant(ourTitle(provider, parallel), recipe, load, scale);
				}),
			),
			contestant(HTTP, httpPicture(service.url), load, scale),
		]);
	},
	limits: (scale) => PROVIDERS.flatMap(({ name }) => limitsOf(name, LOADS[scale])),
};

/** In a fresh n8n, unless it has to be quick. */
function contestant(who: string, recipe: Recipe, load: Load, scale: Scale): Contestant {
	return {
		name: nameOf(who, load),
		async measure(bench: Bench) {
			const n8n = scale === 'full' ? await bench.takeSpare() : await bench.n8n();
			const run = async ({ count, megabytes }: Load) => {
				const { items, fileBytes } = images(count, megabytes);
				return await runWorkflow(bench, n8n, { name: who, recipe, items, fileBytes });
			};
			await run(WARM_UP);
			const figures = await run(load);
			if (scale === 'full') await bench.discard(n8n);
			return figures;
		},
	};
}

function limitsOf(provider: ProviderName, loads: readonly Load[]): Limit[] {
	const who = ourTitle(provider);
	const [large, larger] = loads.slice(-2) as [Load, Load];
	const many = loads.filter(({ count }) => count > 1);
	return [
		...many.flatMap((load) =>
			parallelsFor(load).map((parallel) => ({
				what: `${nameOf(ourTitle(provider, parallel), load)}: memory ÷ ${HTTP}'s`,
				value: againstHttp(ourTitle(provider, parallel), load),
				atMost: 1,
				reason: parallel === 1 ? REASON : REASON_OF_MANY,
			})),
		),
		{
			what: `${nameOf(who, large)}: memory in MB`,
			value: (results) => results.median(nameOf(who, large), 'memory'),
			atMost: 25,
			reason: REASON,
		},
		{
			what: `${who}: memory of ${loadText(larger)} ÷ that of ${loadText(large)}`,
			value: (results) =>
				results.median(nameOf(who, larger), 'memory') /
				results.median(nameOf(who, large), 'memory'),
			atMost: 1.1,
			reason: REASON,
		},
	];
}

function againstHttp(who: string, load: Load): Limit['value'] {
	return (results) => results.ratio(nameOf(who, load), nameOf(HTTP, load), 'memory').median;
}
