import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import { AiChatsApi } from './AiChatsApi.credentials.ts';

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

	test.each(['Cookie: session=abc123', '"session=abc123"'])(
		'cleans the cookie pasted as %j',
		async (pasted) => {
			const request = await authenticated({ sessionCookieSecret: pasted });
			expect(request.headers).toMatchObject({ cookie: 'session=abc123' });
		},
	);
});

test('n8n finds no test request here, so that it asks the node', () => {
	expect('test' in new AiChatsApi()).toBe(false);
});
