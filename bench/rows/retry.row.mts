import { aiChats, PROVIDERS } from '../workflows/aiChats.mts';
import { type Recipe, withSettings } from '../workflows/node.mts';
import { prompts } from '../workflows/prompts.mts';
import { httpRequest, llmChain, openAiNode } from '../workflows/rivals.mts';
import { inN8n, ourName } from './contestants.mts';
import type { Limit, Row, Scale } from './row.mts';

const CHAIN = 'Basic LLM Chain';
const countOf = (scale: Scale) => (scale === 'full' ? 100 : 20);
/** Which items the service refuses once, as parts of all. */
const REFUSED = [0.25, 0.5, 0.75];
/** The most tries that n8n allows, and the shortest wait between two, in ms. */
const RETRY = { retryOnFail: true, maxTries: 5, waitBetweenTries: 1 };

/** How many chats are in flight, and so how many a failure ends besides its own. */
const PARALLEL = [1, 10];

/** Asked for once more, they succeed; 400 is no status with which any of the nodes asks again by itself. */
function itemsOf(count: number): string[] {
	const refused = REFUSED.map((part) => part * count);
	return prompts(count).map((prompt, index) =>
		refused.includes(index) ? `${prompt} [[status code=400 times=1]]` : prompt,
	);
}

/** What a failure costs that n8n answers with another try of the node. */
export const retryRow: Row = {
	name: 'retry',
	title: '100 chats of which 3 fail once',
	about:
		'The settings *Retry On Fail* and *Max. Tries* 5 are on for all. A failed item fails the node, and n8n runs it again with all items: AiChats keeps the answers that it has, the others request all of them again. Chats in flight when one fails are given up, and sent again as well.',
	quantities: ['requests', 'wall'],
	charted: 'requests',
	reference: CHAIN,
	rounds: (scale) => (scale === 'full' ? 3 : 2),
	contestants(bench, scale) {
		const items = itemsOf(countOf(scale));
		const contestant = (name: string, recipe: Recipe) =>
			inN8n(bench, `${name}, with retries`, withSettings(recipe, RETRY), items, name);
		return [
			...PROVIDERS.flatMap(({ name: provider }) =>
				PARALLEL.map((parallel) =>
					contestant(ourName(provider, parallel), aiChats({ provider, parallel })),
				),
			),
			contestant(CHAIN, llmChain()),
			contestant('HTTP Request', httpRequest(bench.service.url)),
			contestant('n8n OpenAI node', openAiNode()),
		];
	},
	limits: (scale) =>
		PROVIDERS.flatMap(({ name }) =>
			PARALLEL.flatMap((parallel) => limitsOf(ourName(name, parallel), parallel, countOf(scale))),
		),
};

function limitsOf(ours: string, parallel: number, count: number): Limit[] {
	return [
		{
			what: `${ours}: requests beyond one for each item`,
			value: (results) => results.median(ours, 'requests') - count,
			atMost: REFUSED.length * parallel,
		},
		{
			what: `${CHAIN}: requests ÷ those of ${ours}`,
			value: (results) => results.ratio(CHAIN, ours, 'requests').median,
			atLeast: 1.5,
		},
	];
}
