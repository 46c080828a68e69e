import { PROVIDERS } from '../workflows/aiChats.mts';
import { prompts } from '../workflows/prompts.mts';
import { httpRequest, llmChain, openAiNode } from '../workflows/rivals.mts';
import { floor, inN8n, ourChats, ourName } from './contestants.mts';
import type { Limit, Row, Scale } from './row.mts';

const LATENCY = 200;
const OPENAI = 'n8n OpenAI node';
const HTTP = 'HTTP Request';

const countOf = (scale: Scale) => (scale === 'full' ? 100 : 10);

/** Many chats with a service that takes its time: how well the waiting is shared. */
export const chatsRow: Row = {
	name: 'chats',
	title: `100 chats with a service that answers after ${LATENCY} ms`,
	about:
		'The items of one execution, each a chat. Rivals run with default settings unless their names say otherwise.',
	quantities: ['wall', 'cpu', 'inFlight', 'connections'],
	charted: 'wall',
	reference: HTTP,
	rounds: (scale) => (scale === 'full' ? 5 : 2),
	contestants(bench, scale) {
		const items = prompts(countOf(scale), `[[latency ms=${LATENCY}]]`);
		const { service } = bench;
		const batched = (batchInterval: number) =>
			httpRequest(service.url, { batchSize: 10, batchInterval });
		return [
			...ourChats(bench, items, scale),
			inN8n(bench, OPENAI, openAiNode(), items),
			inN8n(bench, HTTP, httpRequest(service.url), items),
			inN8n(bench, `${HTTP}, batches of 10, every 1,000 ms`, batched(1000), items),
			inN8n(bench, `${HTTP}, batches of 10, every 200 ms`, batched(200), items),
			inN8n(bench, 'Basic LLM Chain', llmChain(), items),
			floor(items, 10),
			floor(items, 100),
		];
	},
	limits: (scale) => PROVIDERS.flatMap(({ name }) => limitsOf(name, countOf(scale))),
};

function limitsOf(provider: (typeof PROVIDERS)[number]['name'], count: number): Limit[] {
	const [ten, hundred] = [ourName(provider, 10), ourName(provider, 100)];
	const ideal = Math.ceil(count / 10) * LATENCY;
	return [
		{
			what: `${ten}: time ÷ the ideal ${ideal} ms`,
			value: (results) => results.median(ten, 'wall') / ideal,
			atMost: 1.15,
		},
		{
			what: `${hundred}: time ÷ ${HTTP}'s`,
			value: (results) => results.ratio(hundred, HTTP, 'wall').median,
			atMost: 1.1,
		},
		{
			what: `${OPENAI}: time ÷ that of ${ten}`,
			value: (results) => results.ratio(OPENAI, ten, 'wall').median,
			atLeast: 4,
		},
	];
}
