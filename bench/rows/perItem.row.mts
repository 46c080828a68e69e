import { AI_CHATS, OPENAI_COMPATIBLE } from '../../dev/n8n/Lab.mts';
import type { Bench } from '../lab/Bench.mts';
import { PROVIDERS, type ProviderName } from '../workflows/aiChats.mts';
import { prompts } from '../workflows/prompts.mts';
import { httpRequest, llmChain, minimal, openAiNode } from '../workflows/rivals.mts';
import { floor, inN8n, ourChats, ourName } from './contestants.mts';
import type { Contestant, Limit, Row } from './row.mts';

const HTTP = 'HTTP Request';
const minimalName = (title: string) => `n8n's helper alone, ${title}, parallel 10`;
const givenName = (title: string) => `${minimalName(title)}, given the credential`;

/** The same with a service that answers at once: what is left is work. */
export const perItemRow: Row = {
	name: 'per-item',
	title: '500 chats with a service that answers at once',
	about:
		"What a chat costs in n8n when there is nothing to wait for. *n8n's helper alone* is a node that sends the same request as AiChats with n8n's HTTP helper and keeps the answer as text: what AiChats takes beyond that is its own. The helper reads and decrypts the credential for each request, unless the node gives it what it has read, as AiChats does.",
	quantities: ['perItem', 'cpuPerItem', 'inFlight', 'connections'],
	charted: 'perItem',
	reference: HTTP,
	rounds: (scale) => (scale === 'full' ? 5 : 2),
	contestants(bench, scale) {
		const items = prompts(scale === 'full' ? 500 : 100);
		const { service } = bench;
		return [
			...ourChats(bench, items, scale),
			...helperAlone(bench, items),
			inN8n(bench, 'n8n OpenAI node', openAiNode(), items),
			inN8n(bench, HTTP, httpRequest(service.url), items),
			inN8n(bench, 'Basic LLM Chain', llmChain(), items),
			floor(items, 10),
		];
	},
	limits: () => PROVIDERS.flatMap(({ name, title }) => limitsOf(name, title)),
};

function helperAlone(bench: Bench, items: readonly string[]): Contestant[] {
	const { url } = bench.service;
	const requests = {
		aiChats: [AI_CHATS, `${url}/chat/send2/`],
		openAiCompatible: [OPENAI_COMPATIBLE, `${url}/v1/chat/completions`],
	} as const;
	return PROVIDERS.flatMap(({ name, title }) => {
		const [credential, endpoint] = requests[name];
		const options = { credential, url: endpoint, parallel: 10 };
		const alone = minimal({ ...options, giveCredential: false });
		const given = minimal({ ...options, giveCredential: true });
		return [
			inN8n(bench, minimalName(title), alone, items),
			inN8n(bench, givenName(title), given, items),
		];
	});
}

function limitsOf(provider: ProviderName, title: string): Limit[] {
	const ours = ourName(provider, 10);
	return [
		{
			what: `${ours}: time per item ÷ ${HTTP}'s`,
			value: (results) => results.ratio(ours, HTTP, 'perItem').median,
			atMost: 1,
		},
		{
			what: `${ours}: ms per item above ${minimalName(title)}`,
			value: (results) => results.difference(ours, minimalName(title), 'perItem').median,
			atMost: 0.3,
		},
		{
			what: `${ours}: the same above the helper that is given the credential`,
			value: (results) => results.difference(ours, givenName(title), 'perItem').median,
			atMost: 0.3,
			reason:
				'nearly a quarter of it goes into parsing and checking the chunks of the answer, which the helper alone keeps as text; in the profile nothing else takes more than 15 µs',
		},
	];
}
