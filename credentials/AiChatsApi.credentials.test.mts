import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import { AiChatsApi, aiChatsTest } from './AiChatsApi.credentials.ts';

const REQUEST: IHttpRequestOptions = {
	url: 'https://ai-chats.org/chat/send2/',
	method: 'POST',
	headers: { accept: 'text/event-stream' },
	body: '{}',
};

async function authenticated(
	credential: ICredentialDataDecryptedObject,
	request = REQUEST,
): Promise<IHttpRequestOptions> {
	const { authenticate } = new AiChatsApi();
	if (typeof authenticate !== 'function') throw new Error('It should be a function');
	return await authenticate(credential, request);
}

describe('authenticate', () => {
	test('adds cookie, headers and connection', async () => {
		const credential = {
			baseUrl: 'https://ai-chats.org',
			sessionCookieSecret: ' session=abc123 ',
			headers: { values: [{ name: 'X-Team', value: 'research' }] },
			proxyUrl: 'http://proxy.example:8080',
			allowUnauthorizedCerts: true,
		};
		expect(await authenticated(credential)).toEqual({
			...REQUEST,
			headers: { accept: 'text/event-stream', cookie: 'session=abc123', 'x-team': 'research' },
			proxy: { protocol: 'http:', host: 'proxy.example', port: 8080 },
			skipSslCertificateValidation: true,
		});
	});

	test.each([
		[{}],
		[{ sessionCookieSecret: '', headers: {}, proxyUrl: '', allowUnauthorizedCerts: false }],
		[{ sessionCookieSecret: '  ', headers: { values: [{ name: '', value: 'x' }] } }],
	])('with %j leaves what is not set', async (credential) => {
		const request = await authenticated(credential as ICredentialDataDecryptedObject);
		expect(request).toEqual({ ...REQUEST, skipSslCertificateValidation: false });
		expect('proxy' in request).toBe(false);
	});

	test('does not change the request it was given', async () => {
		const before = structuredClone(REQUEST);
		await authenticated({ sessionCookieSecret: 'a=b' });
		expect(REQUEST).toEqual(before);
	});

	test('a request without headers gets those of the credential', async () => {
		const request = await authenticated({ sessionCookieSecret: 'a=b' }, { url: 'https://a' });
		expect(request.headers).toEqual({ cookie: 'a=b' });
	});

	test('a header row wins over the request’s own', async () => {
		const headers = { values: [{ name: 'Accept', value: 'text/plain' }] };
		expect((await authenticated({ headers })).headers).toEqual({ accept: 'text/plain' });
	});

	test.each([
		{ sessionCookieSecret: 'a=b\r\nx-evil: 1' },
		{ sessionCookieSecret: 'a=b\nc' },
		{ headers: { values: [{ name: 'x-a', value: 'b\r\nx-evil: 1' }] } },
		{ headers: { values: [{ name: 'x-a\r\nx-evil', value: '1' }] } },
		{ headers: { values: [{ name: 'x a', value: '1' }] } },
		{ proxyUrl: 'socks5://proxy.example' },
	])('refuses %j', async (credential) => {
		const error = await providerErrorOf(() => authenticated(credential));
		expect(error.kind).toBe('refused');
	});
});

describe('the test', () => {
	const { test: check } = new AiChatsApi();

	test('asks with an empty conversation, as the protocol has it', () => {
		expect(check.request).toMatchObject({
			method: 'POST',
			baseURL: '={{ $credentials.baseUrl }}',
			url: '/chat/send2/',
			body: { type: 'chat', messagesHistory: [] },
		});
	});

	test.each([
		['https://ai-chats.org/', 'https://ai-chats.org/chat/send2/'],
		[' http://localhost:8080/base// ', 'http://localhost:8080/base/chat/send2/'],
		['localhost:8080', 'http://localhost:8080/chat/send2/'],
	])('of the base URL %j asks %j', async (baseURL, url) => {
		const request = await authenticated({}, { baseURL, url: '/chat/send2/' });
		expect(request.url).toBe(url);
		expect('baseURL' in request).toBe(false);
	});

	test('a refusal of the empty conversation is no failure, every other error status is', () => {
		const { ignoreHttpStatusErrors } = check.request;
		const except = (ignoreHttpStatusErrors as { except: number[] }).except;
		expect([400, 422, 200].map((status) => except.includes(status))).toEqual([false, false, false]);
		expect([401, 403, 404, 429, 500, 599].every((status) => except.includes(status))).toBe(true);
	});

	test('captcha and wrong address are told in words', () => {
		const told = check.rules?.map(({ properties }) => properties) ?? [];
		expect(told).toEqual(
			expect.arrayContaining([
				{ value: 403, message: expect.stringContaining('captcha') as string },
				{ value: 404, message: expect.stringContaining('base URL') as string },
				{ key: '0', value: '<', message: expect.stringContaining('captcha') as string },
			]),
		);
	});
});

const rules = aiChatsTest.rules ?? [];

test('asks below the base URL for nothing that costs', () => {
	expect(aiChatsTest.request).toMatchObject({
		method: 'POST',
		baseURL: '={{ $credentials.baseUrl }}',
		url: '/chat/send2/',
		body: { type: 'chat', messagesHistory: [] },
	});
});

test('that its empty conversation is refused is no failure, every other error status is', () => {
	const { ignoreHttpStatusErrors } = aiChatsTest.request;
	const { except } = ignoreHttpStatusErrors as { except: number[] };
	expect([400, 422].some((status) => except.includes(status))).toBe(false);
	expect([401, 403, 404, 429, 500, 599].every((status) => except.includes(status))).toBe(true);
});

test.each([
	[403, /captcha/],
	[404, /base URL/],
	[405, /base URL/],
])('the status %i is told in words', (status, words) => {
	const told = rules.map(({ properties }) => properties as { value?: unknown; message: string });
	expect(told.find(({ value }) => value === status)?.message).toMatch(words);
});

test('so is a web page', () => {
	const [rule] = rules.filter(({ type }) => type === 'responseSuccessBody');
	expect(rule?.properties).toMatchObject({ key: '0', value: '<' });
	expect(rule?.properties.message).toContain('captcha');
});
