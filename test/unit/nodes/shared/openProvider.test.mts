import type { IExecuteFunctions } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { networkSettings } from '../../../../nodes/shared/networkSettings.ts';
import { openService, type ProviderName } from '../../../../nodes/shared/openProvider.ts';
import { AiChats } from '../../../../providers/aiChats/AiChats.ts';
import { OpenAiCompatible } from '../../../../providers/openAiCompatible/OpenAiCompatible.ts';
import { providerErrorOf } from '../../../support/failure.mts';
import { strict } from '../../../support/strictContext.mts';

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
