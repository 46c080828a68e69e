import { firstFragment } from '../lab/firstFragment.mts';
import { aiChats, PROVIDERS } from '../workflows/aiChats.mts';
import type { Recipe, ResponseMode } from '../workflows/node.mts';
import { agent, httpRequest, llmChain, openAiNode } from '../workflows/rivals.mts';
import type { Contestant, Row } from './row.mts';

const AGENT = 'AI Agent + OpenAI Chat Model';
const ourName = (title: string) => `AiChats, ${title}`;
/** An answer of 50 fragments, one every 50 ms; who does not stream gets it when the last is written. */
const ITEMS: Record<ResponseMode, string> = {
	streaming: 'A kite [[words count=50]][[fragments count=50]][[pace ms=50]]',
	lastNode: 'A kite [[words count=50]][[latency ms=2450]]',
};

/** How soon whoever called a webhook sees the first words. */
export const firstFragmentRow: Row = {
	name: 'first-fragment',
	title: 'First words behind a webhook',
	about:
		'From the call of a webhook to the first words of an answer that takes 2.45 s. AiChats and AI Agent pass it on as it is written (Response Mode *Streaming*), the others cannot and answer when they have all of it.',
	quantities: ['first', 'whole'],
	charted: 'first',
	reference: AGENT,
	rounds: (scale) => (scale === 'full' ? 7 : 2),
	contestants({ service }) {
		return [
			...PROVIDERS.map(({ name: provider, title }) =>
				contestant(ourName(title), aiChats({ provider }), 'streaming'),
			),
			contestant(AGENT, agent(), 'streaming'),
			contestant('Basic LLM Chain', llmChain(), 'lastNode'),
			contestant('n8n OpenAI node', openAiNode(), 'lastNode'),
			contestant('HTTP Request', httpRequest(service.url), 'lastNode'),
		];
	},
	limits: () =>
		PROVIDERS.map(({ title }) => ({
			what: `${ourName(title)}: first words ÷ those of ${AGENT}`,
			value: (results) => results.ratio(ourName(title), AGENT, 'first').median,
			atMost: 0.7,
		})),
};

function contestant(name: string, recipe: Recipe, responseMode: ResponseMode): Contestant {
	const run = { name, recipe, responseMode, item: ITEMS[responseMode] };
	return {
		name,
		warmUp: async (bench) => void (await firstFragment(bench, run)),
		measure: async (bench) => await firstFragment(bench, run),
	};
}
