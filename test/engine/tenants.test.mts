import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalService, startLocalService } from '../../dev/service/index.mts';
import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';
import { chat, image, model, openAiChat, openAiImage } from './parameters.mts';
import { NODE, NODE_PACKAGE } from './support.mts';
import { useBench } from './useBench.mts';
import { rootNode, type SuppliedModel, textOf, withModel } from './useModel.mts';

const TENANTS = ['alice', 'bob', 'carol', 'bob'];
const keyOf = (tenant: string) => `key-of-${tenant}-0815`;

const itemsOf = (more: (tenant: string, index: number) => object = () => ({})) =>
	TENANTS.map((tenant, index) => ({
		json: { tenant, key: keyOf(tenant), ...more(tenant, index) },
	}));

/** Whose prompt arrived with whose key, one entry for each request. */
function pairsAt(service: LocalService): string[] {
	return service.requests
		.filter(({ method }) => method === 'POST')
		.map(({ body, headers }) => {
			const [, tenant] = /prompt of (\w+)/.exec(JSON.stringify(body)) ?? [];
			const [, owner] =
				/key-of-(\w+)-/.exec(`${headers['cookie']} ${headers['authorization']}`) ?? [];
			return `${tenant} as ${owner}`;
		})
		.sort();
}

const EACH_AS_ITSELF = TENANTS.map((tenant) => `${tenant} as ${tenant}`).sort();
const PROMPT = '=prompt of {{ $json.tenant }}';

const OPERATIONS: Array<[string, typeof chat]> = [
	['Chat with Ai-Chats', chat],
	['Image with Ai-Chats', image],
	['Chat with an OpenAI-compatible server', openAiChat],
	['Image with an OpenAI-compatible server', openAiImage],
];

describe.each([
	'={{ $json.key }}',
	'={{ $input.item.json.key }}',
	"={{ $('Start').item.json.key }}",
	"={{ $('Start').all()[$itemIndex].json.key }}",
	'=key-of-{{ ["alice", "bob", "carol", "bob"][$itemIndex] }}-0815',
])('A credential with the expression %s', (expression) => {
	const bench = useBench({
		credential: { apiKey: expression, sessionCookieSecret: expression },
	});

	it.each(OPERATIONS)('%s asks for each item as its own tenant', async (_, parameters) => {
		const run = await bench().run(parameters(PROMPT), itemsOf());
		expect(run.status).toBe('success');
		const pairs = run.items(NODE).map(({ pairedItem }) => pairedItem);
		expect(pairs).toEqual(TENANTS.map((_tenant, item) => ({ item })));
		expect(pairsAt(bench().service)).toEqual(EACH_AS_ITSELF);
	});
});

describe('A credential whose base URL is an expression', () => {
	let other: LocalService;
	beforeAll(async () => {
		other = await startLocalService();
	});
	afterAll(async () => await other.close());
	const bench = useBench({
		credential: { baseUrl: '={{ $json.url }}', apiKey: 'one-key-for-all' },
	});

	it.each([OPERATIONS[0]!, OPERATIONS[2]!])(
		'%s asks the service of each item',
		async (_, parameters) => {
			other.reset();
			const urls = { alice: bench().service.url, bob: other.url, carol: bench().service.url };
			const items = itemsOf((tenant) => ({ url: urls[tenant as keyof typeof urls] }));
			const run = await bench().run(parameters(PROMPT), items);
			expect(run.items(NODE).map(({ json }) => json['text'])).toEqual(
				TENANTS.map((tenant) => expect.stringContaining(`prompt of ${tenant}`)),
			);
			expect(bench().service.requests).toHaveLength(2);
			expect(other.requests).toHaveLength(2);
		},
	);
});

describe('A failing item', () => {
	const bench = useBench({
		credential: { apiKey: '={{ $json.key }}', sessionCookieSecret: '={{ $json.key }}' },
	});
	it.each([OPERATIONS[0]!, OPERATIONS[2]!])(
		'%s does not show the key of its tenant',
		async (_, parameters) => {
			const prompt = '=prompt of {{ $json.key }} and more [[reset-after fragments=6]]';
			const options = { maxRetries: 0 };
			const run = await bench().run(parameters(prompt, { options }), itemsOf(), {
				onError: 'continueRegularOutput',
			});
			const details = run.items(NODE).map(({ json }) => JSON.stringify(json['errorDetails']));
			expect(details).toHaveLength(TENANTS.length);
			for (const text of details) {
				expect(text).toContain('prompt of *****');
				expect(text).not.toContain('key-of');
			}
		},
	);
});

describe('A credential whose expression breaks for one item', () => {
	const expression = "={{ $json.tenant === 'carol' ? $('Nowhere').item.json.key : $json.key }}";
	const bench = useBench({ credential: { apiKey: expression, sessionCookieSecret: expression } });

	it.each([OPERATIONS[0]!, OPERATIONS[2]!])('%s fails that item alone', async (_, parameters) => {
		const run = await bench().run(parameters(PROMPT), itemsOf(), {
			onError: 'continueRegularOutput',
		});
		expect(run.items(NODE).map(({ json }) => 'error' in json)).toEqual([false, false, true, false]);
		expect(pairsAt(bench().service)).toEqual(
			EACH_AS_ITSELF.filter((pair) => !pair.includes('carol')),
		);
	});
});

describe('The Chat Model', () => {
	const root: INodeType = {
		...rootNode(() => async () => undefined),
		/** As n8n's agents and chains do: the model is requested for each item. */
		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const type = NodeConnectionTypes.AiLanguageModel;
			const texts = this.getInputData().map(async ({ json }, index) => {
				const supplied = (await this.getInputConnectionData(type, index)) as SuppliedModel;
				return textOf(await supplied.invoke(`prompt of ${String(json['tenant'])}`));
			});
			return [(await Promise.all(texts)).map((text) => ({ json: { text } }))];
		},
	};
	const bench = useBench({
		credential: { apiKey: '={{ $json.key }}', sessionCookieSecret: '={{ $json.key }}' },
		engine: {
			package: { ...NODE_PACKAGE, nodes: [...NODE_PACKAGE.nodes, LmChatAiChats] },
			nodeTypes: { 'test.root': root },
		},
	});

	it.each(['aiChats', 'openAiCompatible'])(
		'of %s asks for each item as its own tenant',
		async (provider) => {
			const chosen = provider === 'aiChats' ? {} : model('gpt-4o-mini');
			const run = await bench().engine.run(withModel({ provider, ...chosen }), {
				input: itemsOf(),
			});
			expect(run.status).toBe('success');
			expect(pairsAt(bench().service)).toEqual(EACH_AS_ITSELF);
		},
	);
});
