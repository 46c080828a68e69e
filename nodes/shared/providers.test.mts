import {
	type IExecuteFunctions,
	type INode,
	type INodeParameters,
	type INodePropertyOptions,
	NodeHelpers,
} from 'n8n-workflow';
import { expect, test } from 'vitest';

import { AiChats } from '../../providers/aiChats/AiChats.ts';
import { OpenAiCompatible } from '../../providers/openAiCompatible/OpenAiCompatible.ts';
import { providerErrorOf } from '../../test/support/failure.mts';
import { MemoryTransport } from '../../test/support/memoryTransport.mts';
import { strict } from '../../test/support/strictContext.mts';
import { AiChats as AiChatsNode } from '../AiChats/AiChats.node.ts';
import { networkSettings } from './network.ts';
import {
	DEFAULT_MODELS,
	openService,
	providerCredentials,
	type ProviderName,
	providerProperty,
} from './providers.ts';

// The fields promise one model, and the Chat Model asks for the provider's: they must be the same.
test('the default for Chat is the one that the provider takes by itself', () => {
	const transport = new MemoryTransport([]);
	const aiChats = new AiChats(transport);
	expect(DEFAULT_MODELS.chat.aiChats).toBe(aiChats.getModel(''));
	expect(aiChats.models).toContain(DEFAULT_MODELS.image.aiChats);
});

function open(context: IExecuteFunctions, name: ProviderName) {
	return openService(context, name, networkSettings({}));
}

function contextOf(credential: object) {
	const types: string[] = [];
	const context = strict<IExecuteFunctions>('context', {
		getCredentials: async (type: string) => {
			types.push(type);
			return credential;
		},
	});
	return { types, context };
}

test('Ai-Chats is opened with its credential', async () => {
	const credential = { baseUrl: ' http://localhost:8080/ ', sessionCookieSecret: 'a=hunter22' };
	const { types, context } = contextOf(credential);
	const service = await open(context, 'aiChats');
	const { redact } = service;
	const { provider } = service.provider();
	expect(provider).toBeInstanceOf(AiChats);
	expect(provider.url).toBe('http://localhost:8080');
	expect(redact('not hunter22')).toBe('not *****');
	expect(types).toEqual(['aiChatsApi']);
});

test('an OpenAI-compatible server is opened with its credential', async () => {
	const { types, context } = contextOf({ baseUrl: 'http://localhost:8080/v1', apiKey: 'hunter22' });
	const service = await open(context, 'openAiCompatible');
	const { redact } = service;
	const { provider } = service.provider();
	expect(provider).toBeInstanceOf(OpenAiCompatible);
	expect(redact('not hunter22')).toBe('not *****');
	expect(types).toEqual(['aiChatsOpenAiCompatibleApi']);
});

test.each([{}, { baseUrl: '' }, { baseUrl: 'ftp://a' }, { baseUrl: 7 }])(
	'a credential with %j cannot work',
	async (credential) => {
		const { context } = contextOf(credential);
		const error = await providerErrorOf(async () => (await open(context, 'aiChats')).provider());
		expect(error.kind).toBe('refused');
	},
);

const { description } = new AiChatsNode();

/** The credentials that n8n asks for with these parameters. */
function shown(parameters: INodeParameters): string[] {
	const node = { typeVersion: 1 } as INode;
	return providerCredentials
		.filter((credential) => NodeHelpers.displayParameter(parameters, credential, node, description))
		.map(({ name }) => name);
}

test.each([
	['Ai-Chats', { provider: 'aiChats' }, 'aiChatsApi'],
	['OpenAI-Compatible', { provider: 'openAiCompatible' }, 'aiChatsOpenAiCompatibleApi'],
	['the default, which n8n leaves out of a saved workflow', {}, 'aiChatsApi'],
])('one credential is asked for with %s', (_, parameters, name) => {
	expect(shown(parameters)).toEqual([name]);
});

test('no rule by which the editor takes the field for a choice of authentication', () => {
	const values = (providerProperty.options as INodePropertyOptions[]).map(({ value }) => value);
	const named = providerCredentials.flatMap(
		({ displayOptions }) => displayOptions?.show?.['provider'] ?? [],
	);
	expect(values.every((value) => named.includes(value))).toBe(false);
});
