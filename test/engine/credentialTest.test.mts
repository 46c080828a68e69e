import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { startWebSite } from './webSite.mts';
import { useBench } from './useBench.mts';

const AI_CHATS = 'aiChatsApi';
const OPEN_AI = 'aiChatsOpenAiCompatibleApi';
const SPELLINGS: Array<[string, string]> = [
	[AI_CHATS, ''],
	[AI_CHATS, '/'],
	[OPEN_AI, ''],
	[OPEN_AI, '/'],
	[OPEN_AI, '/v1'],
	[OPEN_AI, '/v1/'],
	[OPEN_AI, '/v1/chat/completions'],
];

describe('Testing a credential', () => {
	const bench = useBench();
	const test = async (type: string, data: ICredentialDataDecryptedObject) =>
		await bench().engine.testCredential(type, data);

	it.each(SPELLINGS)('%s succeeds with the base URL spelt ...%s', async (type, ending) => {
		const result = await test(type, { baseUrl: bench().service.url + ending });
		expect(result).toMatchObject({ status: 'OK' });
		expect(bench().service.requests).toHaveLength(1);
	});

	it.each([
		[AI_CHATS, 'No Ai-Chats service answers at this base URL'],
		[OPEN_AI, 'No OpenAI-compatible server answers at this base URL'],
	])('%s tells of an address where nothing is: %s', async (type, message) => {
		const result = await test(type, { baseUrl: `${bench().service.url}/v1/somewhere/else` });
		expect(result).toEqual({ status: 'Error', message });
	});

	it.each([
		[AI_CHATS, /captcha/],
		[OPEN_AI, /No OpenAI-compatible server answers at this base URL/],
	])('%s tells of a web page', async (type, message) => {
		const site = await startWebSite();
		try {
			const result = await test(type, { baseUrl: site.url });
			expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) });
		} finally {
			await site.close();
		}
	});

	it.each([AI_CHATS, OPEN_AI])('%s tells of a server that is not there', async (type) => {
		const site = await startWebSite();
		await site.close();
		const result = await test(type, { baseUrl: site.url });
		expect(result).toEqual({ status: 'Error', message: expect.stringContaining('ECONNREFUSED') });
	});

	it.each([AI_CHATS, OPEN_AI])('%s tells of an address that is none', async (type) => {
		const result = await test(type, { baseUrl: 'ftp://example.com' });
		expect(result.status).toBe('Error');
		expect(result.message).toContain('The base URL is not an http(s) URL');
	});

	it.each([AI_CHATS, OPEN_AI])('%s tells of a wrong proxy URL, not what it is', async (type) => {
		const data = { baseUrl: bench().service.url, proxyUrl: 'socks5://user:hunter22@proxy' };
		const result = await test(type, data);
		expect(result.status).toBe('Error');
		expect(result.message).not.toContain('hunter22');
		expect(bench().service.requests).toEqual([]);
	});
});

describe('Testing a credential of a service that wants to know who asks', () => {
	const cookie = 'session=right';
	const bench = useBench({ service: { cookie, apiKey: 'sk-right-0000' } });

	it('succeeds with the right cookie, and says what to do about a wrong one', async () => {
		const baseUrl = bench().service.url;
		const { engine } = bench();
		const good = await engine.testCredential(AI_CHATS, { baseUrl, sessionCookieSecret: cookie });
		expect(good).toMatchObject({ status: 'OK' });
		const bad = await engine.testCredential(AI_CHATS, { baseUrl, sessionCookieSecret: 'wrong=1' });
		expect(bad).toEqual({
			status: 'Error',
			message: expect.stringMatching(/open its site.*paste your own session cookie/),
		});
	});

	it.each([
		['right', 'sk-right-0000', 'OK', 'Connection successful!'],
		['wrong', 'sk-wrong-1111', 'Error', 'The server does not accept this API key'],
		['missing', '', 'Error', 'The server does not accept this API key'],
	])('tells of a key that is %s', async (_, apiKey, status, message) => {
		const baseUrl = bench().service.url;
		const result = await bench().engine.testCredential(OPEN_AI, { baseUrl, apiKey });
		expect(result).toEqual({ status, message });
	});
});

describe('Testing against a server without a list of models', () => {
	const bench = useBench({ service: { directives: '[[no-models]]' } });

	it('succeeds, for chat needs none', async () => {
		const { engine, service } = bench();
		const result = await engine.testCredential(OPEN_AI, { baseUrl: `${service.url}/v1` });
		expect(result.status).toBe('OK');
		expect(service.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
	});
});
