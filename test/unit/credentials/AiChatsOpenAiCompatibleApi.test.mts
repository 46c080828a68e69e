import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { AiChatsOpenAiCompatibleApi } from '../../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { providerErrorOf } from '../../support/failure.mts';

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

test('the test asks below the base URL as the user wrote it', async () => {
	const { test: check } = new AiChatsOpenAiCompatibleApi();
	const { url } = check.request as { url: string };
	const request = await authenticated({}, { baseURL: 'http://localhost:11434', url });
	expect(request.url).toBe('http://localhost:11434/v1/chat/completions');
	expect('baseURL' in request).toBe(false);
});
