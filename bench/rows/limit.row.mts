import { setTimeout as delay } from 'node:timers/promises';

import { LIMIT, recipeAt } from '../lab/places.mts';
import { runWorkflow } from '../lab/runWorkflow.mts';
import { aiChats, PROVIDERS } from '../workflows/aiChats.mts';
import { type Recipe, withSettings } from '../workflows/node.mts';
import { prompts } from '../workflows/prompts.mts';
import { httpRequest, llmChain, openAiNode } from '../workflows/rivals.mts';
import { ourName } from './contestants.mts';
import type { Contestant, Limit, Row } from './row.mts';

const COUNT = 30;
const PARALLEL = 10;
const CHAIN = 'Basic LLM Chain';
const KNOWING = `HTTP Request, batches of ${LIMIT.requests}, every ${LIMIT.milliseconds} ms`;
/** The last span of the limit begins after so many ms. */
const IDEAL = (Math.ceil(COUNT / LIMIT.requests) - 1) * LIMIT.milliseconds;

/** What comes of a run that the service finds too fast. */
export const limitRow: Row = {
	name: 'limit',
	title: `${COUNT} chats with a service that allows ${LIMIT.requests} a second`,
	about: `The service refuses whatever exceeds its limit with status 429, and says in *retry-after* how long to wait; otherwise it answers at once. *On Error* is *Continue* for all, so that a failed item does not end the run. Only the HTTP Request with batches knows the limit: its items fill each second exactly. The limit lets the run end no sooner than after ${IDEAL} ms.`,
	quantities: ['failed', 'requests', 'wall'],
	charted: 'failed',
	rounds: (scale) => (scale === 'full' ? 5 : 2),
	contestants(bench) {
		const { url } = bench.serviceAt('limited');
		const batch = { batchSize: LIMIT.requests, batchInterval: LIMIT.milliseconds };
		return [
			...PROVIDERS.map(({ name: provider }) =>
				contestant(ourName(provider, PARALLEL), aiChats({ provider, parallel: PARALLEL })),
			),
			contestant(CHAIN, llmChain()),
			contestant('HTTP Request', httpRequest(url)),
			contestant(KNOWING, httpRequest(url, batch)),
			contestant('n8n OpenAI node', openAiNode()),
		];
	},
	limits: () => PROVIDERS.flatMap(({ name }) => limitsOf(ourName(name, PARALLEL))),
};

function contestant(title: string, recipe: Recipe): Contestant {
	const name = `${title}, limited`;
	const limited = withSettings(recipeAt('limited', recipe), { onError: 'continueRegularOutput' });
	const run: Contestant['measure'] = async (bench) => {
		// What was asked for before must not be on this one's account.
		await delay(LIMIT.milliseconds);
		return await runWorkflow(bench, await bench.n8n(), {
			name,
			recipe: limited,
			items: prompts(COUNT),
			place: 'limited',
			mayFail: true,
		});
	};
	return { name: title, warmUp: async (bench) => void (await run(bench)), measure: run };
}

function limitsOf(ours: string): Limit[] {
	return [
		{
			what: `${ours}: failed items`,
			value: (results) => results.spread(ours, 'failed').max,
			atMost: 0,
		},
		{
			what: `${ours}: time ÷ the ideal ${IDEAL} ms`,
			value: (results) => results.median(ours, 'wall') / IDEAL,
			atMost: 1.5,
		},
	];
}
