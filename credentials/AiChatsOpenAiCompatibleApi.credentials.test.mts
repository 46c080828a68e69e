import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import {
	AiChatsOpenAiCompatibleApi,
	openAiCompatibleTest,
} from './AiChatsOpenAiCompatibleApi.credentials.ts';

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

const rules = openAiCompatibleTest.rules ?? [];

test('asks below the base URL for nothing that costs', () => {
	expect(openAiCompatibleTest.request).toMatchObject({
		method: 'POST',
		baseURL: '={{ $credentials.baseUrl }}',
		url: '/chat/completions',
		body: { messages: [] },
	});
});

test('that its empty conversation is refused is no failure, every other error status is', () => {
	const { ignoreHttpStatusErrors } = openAiCompatibleTest.request;
	const { except } = ignoreHttpStatusErrors as { except: number[] };
	expect([400, 422].some((status) => except.includes(status))).toBe(false);
	expect([401, 403, 404, 429, 500, 599].every((status) => except.includes(status))).toBe(true);
});

test.each([
	[401, /API key/],
	[403, /API key/],
	[404, /base URL/],
	[405, /base URL/],
])('the status %i is told in words', (status, words) => {
	const told = rules.map(({ properties }) => properties as { value?: unknown; message: string });
	expect(told.find(({ value }) => value === status)?.message).toMatch(words);
});

test('so is a web page', () => {
	const [rule] = rules.filter(({ type }) => type === 'responseSuccessBody');
	expect(rule?.properties).toMatchObject({ key: '0', value: '<' });
	expect(rule?.properties.message).toContain('base URL');
});
