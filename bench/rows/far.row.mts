import { firstFragment } from '../lab/firstFragment.mts';
import { recipeAt, ROUND_TRIP } from '../lab/places.mts';
import { runWorkflow } from '../lab/runWorkflow.mts';
import { aiChats, PROVIDERS, type ProviderName } from '../workflows/aiChats.mts';
import type { Recipe, ResponseMode } from '../workflows/node.mts';
import { prompts } from '../workflows/prompts.mts';
import { agent, httpRequest } from '../workflows/rivals.mts';
import { ourName } from './contestants.mts';
import type { Contestant, Limit, Row } from './row.mts';

const AGENT = 'AI Agent + OpenAI Chat Model';
const HTTP = 'HTTP Request';
const PARALLEL = [1, 10];
/** An answer that takes 0.19 s to write; who does not stream gets it when its last fragment is written. */
const ANSWERS: Record<ResponseMode, string> = {
	streaming: 'A kite [[words count=20]][[fragments count=20]][[pace ms=10]]',
	lastNode: 'A kite [[words count=20]][[latency ms=190]]',
};
const REASON =
	'n8n’s HTTP helper, which AiChats has to use, opens a connection for each request (see the column), and TCP and TLS take two round trips before the request is sent; the client of the OpenAI Chat Model keeps its connections';

/** What distance costs: round trips, and connections that are opened anew. */
export const farRow: Row = {
	name: 'far',
	title: `A service over HTTPS, ${ROUND_TRIP} ms away`,
	about: `Chats of one execution that the service answers at once. A relay on the same machine holds back what it passes on, so that each round trip takes ${ROUND_TRIP} ms, that of a new connection included. The first words are those of a further chat through a webhook, as above; HTTP Request does not stream and has the whole answer by then.`,
	quantities: ['throughput', 'first', 'connections', 'inFlight'],
	charted: 'throughput',
	reference: AGENT,
	rounds: (scale) => (scale === 'full' ? 5 : 2),
	contestants(bench, scale) {
		const items = prompts(scale === 'full' ? 100 : 30);
		const http = httpRequest(bench.serviceAt('far').url);
		return [
			...PROVIDERS.flatMap(({ name: provider }) =>
				PARALLEL.map((parallel) => {
					const recipe = aiChats({ provider, parallel });
					return contestant(ourName(provider, parallel), recipe, items, 'streaming');
				}),
			),
			contestant(AGENT, agent(), items, 'streaming'),
			contestant(HTTP, http, items, 'lastNode'),
		];
	},
	limits: () => PROVIDERS.flatMap(({ name }) => limitsOf(name)),
};

function contestant(
	title: string,
	recipe: Recipe,
	items: readonly string[],
	responseMode: ResponseMode,
): Contestant {
	const name = `${title}, far`;
	const far = recipeAt('far', recipe);
	const item = ANSWERS[responseMode];
	const first = { name: `${name}, first words`, recipe: far, responseMode, item };
	const measure: Contestant['measure'] = async (bench) => {
		const run = { name, recipe: far, items, place: 'far' as const };
		const figures = await runWorkflow(bench, await bench.n8n(), run);
		const throughput = 1000 / (figures.perItem ?? NaN);
		return { ...figures, throughput, first: (await firstFragment(bench, first)).first ?? NaN };
	};
	return { name: title, warmUp: async (bench) => void (await measure(bench)), measure };
}

function limitsOf(provider: ProviderName): Limit[] {
	const [one, many] = [ourName(provider, 1), ourName(provider, 10)];
	return [
		{
			what: `${many}: chats per second ÷ those of ${AGENT}`,
			value: (results) => results.ratio(many, AGENT, 'throughput').median,
			atLeast: 2,
		},
		{
			what: `${one}: the same`,
			value: (results) => results.ratio(one, AGENT, 'throughput').median,
			atLeast: 1,
			reason: REASON,
		},
		{
			what: `${many}: first words ÷ those of ${AGENT}`,
			value: (results) => results.ratio(many, AGENT, 'first').median,
			atMost: 1,
			reason: REASON,
		},
	];
}
