import { firstFragment } from '../lab/firstFragment.mts';
import { aiChats, PROVIDERS } from '../workflows/aiChats.mts';
import type { Recipe, ResponseMode } from '../workflows/node.mts';
import { agent, httpRequest, llmChain, openAiNode, saying } from '../workflows/rivals.mts';
import type { Results } from '../results.mts';
import type { Contestant, Limit, Row, Scale } from './row.mts';

const AGENT = 'AI Agent + OpenAI Chat Model';
const ALONE = 'n8n alone';
const ourName = (title: string) => `AiChats, ${title}`;
const FRAGMENTS = 50;
/** Between two fragments, in ms. */
const PACE: Record<Scale, number> = { full: 50, quick: 10 };

/** What to ask for. Who does not stream gets the answer when its last fragment is written. */
function itemFor(responseMode: ResponseMode, pace: number): string {
	const answer = `A kite [[words count=${FRAGMENTS}]][[fragments count=${FRAGMENTS}]]`;
	return responseMode === 'streaming'
		? `${answer}[[pace ms=${pace}]]`
		: `${answer}[[latency ms=${(FRAGMENTS - 1) * pace}]]`;
}

/** How soon whoever called a webhook sees the first words. */
export const firstFragmentRow: Row = {
	name: 'first-fragment',
	title: 'First words through a webhook',
	about:
		'From the call of a webhook to the first words of an answer that takes 2.45 s. AiChats and AI Agent pass it on as it is written (Response Mode *Streaming*); the others cannot, and answer when they have all of it. *n8n alone* is a node that says something at once: what the others take beyond that is their own.',
	quantities: ['first', 'whole'],
	charted: 'first',
	reference: AGENT,
	// More than elsewhere: a few ms are told apart.
	rounds: (scale) => (scale === 'full' ? 9 : 2),
	contestants({ service }, scale) {
		const contestant = (name: string, recipe: Recipe, responseMode: ResponseMode): Contestant => {
			const run = { name, recipe, responseMode, item: itemFor(responseMode, PACE[scale]) };
			return {
				name,
				warmUp: async (bench) => void (await firstFragment(bench, run)),
				measure: async (bench) => await firstFragment(bench, run),
			};
		};
		return [
			...PROVIDERS.map(({ name: provider, title }) =>
				contestant(ourName(title), aiChats({ provider }), 'streaming'),
			),
			contestant(AGENT, agent(), 'streaming'),
			contestant(ALONE, saying('A kite'), 'streaming'),
			contestant('Basic LLM Chain', llmChain(), 'lastNode'),
			contestant('n8n OpenAI node', openAiNode(), 'lastNode'),
			contestant('HTTP Request', httpRequest(service.url), 'lastNode'),
		];
	},
	limits: () =>
		PROVIDERS.flatMap(({ title }): Limit[] => [
			{
				what: `${ourName(title)}: first words ÷ those of ${AGENT}`,
				value: (results) => results.ratio(ourName(title), AGENT, 'first').median,
				atMost: 0.7,
				reason: 'most of the time is n8n’s own, see _n8n alone_',
			},
			{
				what: `${ourName(title)}: the same without the time of n8n alone`,
				value: (results) => ownTime(results, ourName(title)) / ownTime(results, AGENT),
				atMost: 0.7,
			},
		]),
};

/** From a node's start to its first words, in ms. */
function ownTime(results: Results, name: string): number {
	return results.difference(name, ALONE, 'first').median;
}
