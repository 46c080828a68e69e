import type { INode, INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { AiChats } from '../../../../../nodes/AiChats/AiChats.node.ts';
import {
	providerCredentials,
	providerProperty,
} from '../../../../../nodes/shared/properties/provider.properties.ts';

const { description } = new AiChats();

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
