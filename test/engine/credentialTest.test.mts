import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';
import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';
import { type PlainServer, startPlainServer } from '../chaos/plainServer.mts';
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
		expect(result).toEqual({ status: 'Error', message: expect.stringContaining(message) });
		expect(result.message).toContain(`Address: ${bench().service.url}/v1/somewhere/else`);
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
			message: expect.stringMatching(/captcha.*browser.*paste your own session cookie/),
		});
	});

	it.each([
		['right', 'sk-right-0000', 'OK', /^Connection successful!$/],
		['pasted with Bearer', 'Bearer sk-right-0000', 'OK', /^Connection successful!$/],
		['wrong', 'sk-wrong-1111', 'Error', /does not accept this API key.*Incorrect API key/],
		['missing', '', 'Error', /does not accept this API key.*provide an API key/],
	])('tells of a key that is %s', async (_, apiKey, status, message) => {
		const baseUrl = bench().service.url;
		const result = await bench().engine.testCredential(OPEN_AI, { baseUrl, apiKey });
		expect(result).toEqual({ status, message: expect.stringMatching(message) });
		expect(result.message).not.toContain('1111 ');
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

describe('Testing a credential, what leaves and what comes', () => {
	const bench = useBench();
	const SECRETS = {
		apiKey: 'sk-Zr88Lp13Wd70',
		sessionCookieSecret: 'session=ckv-7Jq2ZpXw91',
		organization: 'org-Kd03Vb62xY',
		headers: { values: [{ name: 'x-team-token', value: 'hdr-Kd03Vb62xY' }] },
	};
	/** Every other host that was asked, and with what. */
	const elsewhere: string[] = [];
	let other: PlainServer;

	beforeAll(async () => {
		other = await startPlainServer((request, response) => {
			elsewhere.push(JSON.stringify([request.url, request.rawHeaders]));
			response.end('{}');
		});
	});
	beforeEach(() => void elsewhere.splice(0));
	afterAll(async () => await other.close());

	async function testAgainst(type: string, answer: RequestListener) {
		const server = await startPlainServer(answer);
		try {
			const result = await bench().engine.testCredential(type, { baseUrl: server.url, ...SECRETS });
			return { result, requests: server.count() };
		} finally {
			await server.close();
		}
	}

	const CASES = [AI_CHATS, OPEN_AI].flatMap((type) =>
		[301, 302, 303, 307, 308].map((status) => ({ type, status })),
	);

	it.each(CASES)('$type does not follow a redirect with $status', async ({ type, status }) => {
		const { result, requests } = await testAgainst(type, (_request, response) => {
			response.writeHead(status, { location: `${other.url}/v1?key=s3cret` }).end();
		});
		expect(result.status).toBe('Error');
		expect(result.message).toContain(`redirects to ${other.url}/v1. `);
		expect(result.message).not.toContain('s3cret');
		expect(requests).toBe(1);
		expect(elsewhere).toEqual([]);
	});

	it.each([AI_CHATS, OPEN_AI])('%s shows no secret that the service says back', async (type) => {
		const { result } = await testAgainst(type, (request, response) => {
			response
				.writeHead(401)
				.end(JSON.stringify({ error: { message: JSON.stringify(request.headers) } }));
		});
		expect(result.status).toBe('Error');
		expect(result.message).toContain('*****');
		expect(result.message).not.toMatch(/Zr88|7Jq2|Kd03/);
	});

	it.each([AI_CHATS, OPEN_AI])(
		'%s reads only the beginning of an answer without end',
		async (type) => {
			const piece = 'x'.repeat(64 * 1024);
			let sent = 0;
			const { result } = await testAgainst(type, (_request, response) => {
				const write = (): void => {
					while (!response.destroyed && sent < 1e9 && response.write(piece)) sent += piece.length;
					if (!response.destroyed) response.once('drain', write);
				};
				response.writeHead(200, { 'content-type': 'application/json' });
				write();
			});
			expect(result.status).toBe('OK');
			expect(sent).toBeLessThan(20e6);
		},
	);

	it.each([
		[400, { error: { message: 'messages is too short' } }, 'OK', 1],
		[422, { detail: [{ msg: 'Field required' }] }, 'OK', 2],
		[402, { error: { message: 'Insufficient Balance' } }, 'OK', 1],
		[429, { error: { message: 'Too many requests' } }, 'OK', 1],
		[500, 'Internal Server Error', 'OK', 1],
		[503, { error: { message: 'Loading model' } }, 'OK', 1],
		[404, { error: { message: "model '' not found" } }, 'OK', 1],
		[401, { error: { message: 'No' } }, 'Error', 1],
		[403, { error: { message: 'No' } }, 'Error', 1],
		[400, [{ error: { code: 400, message: 'API key not valid.' } }], 'Error', 1],
		[400, { status: 'failure', message: 'x-portkey-provider header is required' }, 'Error', 1],
		[404, { detail: 'Not Found' }, 'Error', 3],
		[405, '', 'Error', 3],
	])('an OpenAI-compatible server that answers %i %j: %s', async (status, body, outcome, asked) => {
		const { result, requests } = await testAgainst(OPEN_AI, (_request, response) => {
			response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
		});
		expect(result).toMatchObject({ status: outcome });
		expect(requests).toBe(asked);
	});

	it('a server for images only is known by its models', async () => {
		const asked: unknown[] = [];
		const { result } = await testAgainst(OPEN_AI, (request, response) => {
			asked.push([request.method, request.url]);
			if (request.method === 'POST') response.writeHead(404).end('{"error":"no such route"}');
			else response.end('{"data":[{"id":"sd-cpp-local"}]}');
		});
		expect(result.status).toBe('OK');
		expect(asked).toEqual([
			['POST', '/v1/chat/completions'],
			['POST', '/chat/completions'],
			['GET', '/v1/models'],
		]);
	});

	// As FastAPI does where a handler looks at the key.
	it.each([
		[200, 'OK'],
		[403, 'Error'],
		[404, 'OK'],
	])(
		'a server that looks at the body before the key, and at the key of a list: %i is %s',
		async (list, outcome) => {
			const { result, requests } = await testAgainst(OPEN_AI, (request, response) => {
				const isChat = request.method === 'POST';
				const detail = [{ type: 'missing', loc: ['body', 'model'], msg: 'Field required' }];
				response.writeHead(isChat ? 422 : list).end(JSON.stringify(isChat ? { detail } : {}));
			});
			expect(result.status).toBe(outcome);
			expect(requests).toBe(2);
		},
	);

	it('a server without /v1 is found as a run finds it', async () => {
		const { result, requests } = await testAgainst(OPEN_AI, (request, response) => {
			if (request.url === '/chat/completions') response.end('{}');
			else response.writeHead(404).end();
		});
		expect({ status: result.status, requests }).toEqual({ status: 'OK', requests: 2 });
	});

	it('asks for one token at most', async () => {
		let body = '';
		await testAgainst(OPEN_AI, (request, response) => {
			request.on('data', (piece) => (body += String(piece)));
			request.on('end', () => response.end('{}'));
		});
		expect(JSON.parse(body)).toEqual({ messages: [], max_tokens: 1 });
	});

	it.each(['api-key', 'x-api-key'])('sends the key as %s', async (keyHeader) => {
		let headers: IncomingHttpHeaders = {};
		const server = await startPlainServer((request, response) => {
			headers = request.headers;
			response.end('{}');
		});
		const data = { baseUrl: server.url, apiKey: 'sk-1', keyHeader };
		await bench().engine.testCredential(OPEN_AI, data);
		await server.close();
		expect(headers).toMatchObject({ [keyHeader]: 'sk-1' });
		expect(headers).not.toHaveProperty('authorization');
	});
});

it.each([AiChats, LmChatAiChats])('%o can test every credential it uses', (Node) => {
	const { description, methods } = new Node();
	const names = description.credentials?.map(({ testedBy }) => testedBy) ?? [];
	expect(names).toHaveLength(2);
	for (const name of names) expect(methods.credentialTest).toHaveProperty(String(name));
});
