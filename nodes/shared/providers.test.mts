import {
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	NodeHelpers,
	NodeOperationError,
} from 'n8n-workflow';
import { expect, test } from 'vitest';

import { failureOf } from '../../test/support/failure.mts';
import { MemoryTransport } from '../../test/support/memoryTransport.mts';
import { NODE, strict } from '../../test/support/strictContext.mts';
import packageJson from '../../package.json' with { type: 'json' };
import { AiChats as AiChatsNode } from '../AiChats/AiChats.node.ts';
import { LmChatAiChats } from '../LmChatAiChats/LmChatAiChats.node.ts';
import type { FieldPlace } from './fields.ts';
import {
	asProviderName,
	credentialType,
	PROVIDER_NAMES,
	providerCredentials,
	providerProperty,
	SERVICE_NAMES,
	serviceEntry,
	showFor,
} from './providers.ts';

const FIELD: INodeProperties = { displayName: 'Text', name: 'text', type: 'string', default: '' };

test('fields are shown only on the occasion', () => {
	expect(showFor({ operation: 'chat', provider: 'aiChats' }, [FIELD])).toEqual([
		{ ...FIELD, displayOptions: { show: { operation: ['chat'], provider: ['aiChats'] } } },
	]);
});

test('rules that a field has of its own stay', () => {
	const displayOptions = { show: { historyInput: ['json'] }, hide: { text: [''] } };
	const [field] = showFor({ operation: 'chat' }, [{ ...FIELD, displayOptions }]);
	expect(field?.displayOptions).toEqual({
		show: { historyInput: ['json'], operation: ['chat'] },
		hide: { text: [''] },
	});
});

test('the fields given are not changed', () => {
	const given = structuredClone(FIELD);
	showFor({ operation: 'image' }, [given]);
	expect(given).toEqual(FIELD);
});

// A service that is forgotten somewhere fails here.
test.each(SERVICE_NAMES)('%s is whole: credential, model and options', (name) => {
	const entry = serviceEntry(name);
	const credential = new entry.credential();
	expect(packageJson.n8n.credentials).toContain(
		`dist/credentials/${entry.credential.name}.credentials.js`,
	);
	const fields = credential.properties.map((field) => field.name);
	expect(fields).toEqual(expect.arrayContaining(['baseUrl', 'headers', 'proxyUrl']));
	for (const node of [new AiChatsNode(), new LmChatAiChats()]) {
		const { properties, credentials } = node.description;
		expect(credentials?.map((use) => use.name)).toContain(credential.name);
		const shown = properties
			.filter(({ displayOptions }) => displayOptions?.show?.['provider']?.includes(name))
			.map((field) => field.name);
		expect(shown).toEqual(expect.arrayContaining(['model', 'options']));
	}
});

test.each(SERVICE_NAMES)('the default models of %s are those that it takes by itself', (name) => {
	const { connect, defaultModels } = serviceEntry(name);
	const provider = connect('https://a.example')(new MemoryTransport([]));
	expect(provider.defaultModel).toBe(defaultModels.chat);
	if (provider.models.length > 0) expect(provider.models).toContain(defaultModels.image);
});

test('clients of one service share what they learn, those of another do not', () => {
	const { connect } = serviceEntry('openAiCompatible');
	const [one, other] = [connect('https://a.example'), connect('https://a.example')];
	const transport = new MemoryTransport([]);
	const traitsOf = (provider: object) => (provider as { traits: unknown }).traits;
	expect(traitsOf(one(transport))).toBe(traitsOf(one(transport)));
	expect(traitsOf(one(transport))).not.toBe(traitsOf(other(transport)));
});

const PLACE = {
	context: strict<FieldPlace['context']>('context', { getNode: () => NODE }),
	itemIndex: 3,
};

test.each(PROVIDER_NAMES)('%s is a provider', (name) => {
	expect(asProviderName(PLACE, name, PROVIDER_NAMES)).toBe(name);
});

test.each(['gemini', '', 7, null, 'toString'])('%j is not a provider', async (value) => {
	const error = await failureOf(() => asProviderName(PLACE, value, SERVICE_NAMES));
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error).toMatchObject({
		message: `There is no provider '${String(value)}'`,
		description: expect.stringMatching(/^Set 'Provider' to Ai-Chats or .*OpenAI-Compatible/),
	});
});

const { description } = new AiChatsNode();

/** The credentials that n8n asks for with these parameters. */
function shown(parameters: INodeParameters): string[] {
	const node = { typeVersion: 1 } as INode;
	return providerCredentials
		.filter((credential) => NodeHelpers.displayParameter(parameters, credential, node, description))
		.map(({ name }) => name);
}

test('every service has a credential of its own', () => {
	expect(new Set(SERVICE_NAMES.map(credentialType)).size).toBe(SERVICE_NAMES.length);
});

test.each([
	['Ai-Chats', { provider: 'aiChats' }, 'aiChatsApi'],
	['OpenAI-Compatible', { provider: 'openAiCompatible' }, 'aiChatsOpenAiCompatibleApi'],
	['a connected chat model', { provider: 'connectedModel' }, undefined],
	['the default, which n8n leaves out of a saved workflow', {}, 'aiChatsApi'],
])('the credential of the service alone is asked for with %s', (_, parameters, name) => {
	expect(shown(parameters)).toEqual(name === undefined ? [] : [name]);
});

test('the Chat Model cannot be its own connected model', () => {
	const choicesOf = ({
		description: { properties },
	}: {
		description: { properties: INodeProperties[] };
	}) =>
		(properties.find(({ name }) => name === 'provider')?.options as INodePropertyOptions[]).map(
			({ value }) => value,
		);
	expect(choicesOf(new AiChatsNode())).toEqual([...SERVICE_NAMES, 'connectedModel']);
	expect(choicesOf(new LmChatAiChats())).toEqual(SERVICE_NAMES);
});

test('no rule by which the editor takes the field for a choice of authentication', () => {
	const values = (providerProperty(SERVICE_NAMES).options as INodePropertyOptions[]).map(
		({ value }) => value,
	);
	const named = providerCredentials.flatMap(
		({ displayOptions }) => displayOptions?.show?.['provider'] ?? [],
	);
	expect(values.every((value) => named.includes(value))).toBe(false);
});
