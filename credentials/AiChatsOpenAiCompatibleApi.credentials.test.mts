import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import { AiChatsOpenAiCompatibleApi } from './AiChatsOpenAiCompatibleApi.credentials.ts';

const REQUEST: IHttpRequestOptions = {
	url: 'https://api.openai.com/v1/chat/completions',
	headers: { accept: 'application/json' },
};

async function authenticated(
	credential: ICredentialDataDecryptedObject,
	request = REQUEST,
): Promise<IHttpRequestOptions> {
	const { authenticate } = new AiChatsOpenAiCompatibleApi();
	if (typeof authenticate !== 'function') throw new Error('It should be a function');
	return await authenticate(credential, request);
}

test('key, organization and project become headers', async () => {
	const credential = { apiKey: ' sk-123 ', organization: 'org-1', project: 'proj_1' };
	expect((await authenticated(credential)).headers).toEqual({
		accept: 'application/json',
		authorization: 'Bearer sk-123',
		'openai-organization': 'org-1',
		'openai-project': 'proj_1',
	});
});

test('what is not set adds nothing', async () => {
	const credential = { apiKey: '', organization: ' ', project: '' };
	expect(await authenticated(credential)).toEqual({
		...REQUEST,
		skipSslCertificateValidation: false,
	});
});

test('a header row wins over the key', async () => {
	const headers = { values: [{ name: 'Authorization', value: 'Basic abc' }] };
	const request = await authenticated({ apiKey: 'sk-123', headers });
	expect(request.headers).toMatchObject({ authorization: 'Basic abc' });
});

test.each([{ apiKey: 'sk\r\nx-evil: 1' }, { organization: 'a\nb' }, { project: 'a\0b' }])(
	'refuses %j',
	async (credential) => {
		expect((await providerErrorOf(() => authenticated(credential))).kind).toBe('refused');
	},
);

test.each([
	['authorization', { authorization: 'Bearer sk-123' }],
	['api-key', { 'api-key': 'sk-123' }],
	['x-api-key', { 'x-api-key': 'sk-123' }],
	['', { authorization: 'Bearer sk-123' }],
])('the key goes as %j says', async (keyHeader, headers) => {
	const request = await authenticated({ apiKey: 'Bearer sk-123', keyHeader });
	expect(request.headers).toEqual({ ...REQUEST.headers, ...headers });
});

test.each(['Bearer sk-123', '"sk-123"', 'Authorization: Bearer sk-123'])(
	'the key pasted as %j is cleaned',
	async (apiKey) => {
		const request = await authenticated({ apiKey });
		expect(request.headers).toMatchObject({ authorization: 'Bearer sk-123' });
	},
);

test('a key that an expression gives as a number is sent', async () => {
	const request = await authenticated({ apiKey: 12345678 });
	expect(request.headers).toMatchObject({ authorization: 'Bearer 12345678' });
});

test('n8n finds no test request here, so that it asks the node', () => {
	expect('test' in new AiChatsOpenAiCompatibleApi()).toBe(false);
});
