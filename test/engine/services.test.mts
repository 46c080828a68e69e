import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalService, startLocalService } from '../../dev/service/index.mts';
import { failureOf } from './failure.mts';
import { openAiChat } from './parameters.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const OPEN_AI = 'aiChatsOpenAiCompatibleApi';
const KEY = 'sk-very-secret-key';
let server: LocalService;

beforeAll(async () => {
	server = await startLocalService();
});
afterAll(async () => await server.close());

describe.each([
	['ollama', { authorization: `Bearer ${KEY}` }],
	['azure', { 'api-key': KEY }],
])('A credential for %s with an address of its own', (service, headers) => {
	const serverUrl = () => ({ service, serverUrl: server.url, apiKey: KEY });
	const bench = useBench(async () => ({ credential: serverUrl() }));

	it('asks there, and not at the base URL that an earlier choice left', async () => {
		server.reset();
		const run = await bench().run(openAiChat('kite'));
		expect(run.items(NODE)[0]?.json['text']).toContain('A picture of kite');
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]).toMatchObject({ path: '/v1/chat/completions', headers });
		expect(bench().service.requests).toEqual([]);
	});

	it('is tested there', async () => {
		server.reset();
		expect(await bench().engine.testCredential(OPEN_AI, serverUrl())).toMatchObject({
			status: 'OK',
		});
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]?.headers).toMatchObject(headers);
	});

	it('keeps the key out of errors', async () => {
		const { written } = await failureOf(
			bench(),
			openAiChat(`kite [[status code=400 message="${KEY}"]]`),
		);
		expect(written).not.toContain(KEY.slice(0, 12));
	});
});

describe('A credential whose service is an expression', () => {
	const credential = () => ({
		service: '={{ $json.service }}',
		serverUrl: server.url,
		apiKey: KEY,
	});
	const bench = useBench(async () => ({ credential: credential() }));

	it('asks the service of each item, and none for an item that names none', async () => {
		server.reset();
		const services = ['other', 'ollama', 'nonsense', undefined, 'vllm'];
		const run = await bench().run(
			openAiChat('kite'),
			services.map((service) => ({ json: service === undefined ? {} : { service } })),
			{ onError: 'continueRegularOutput' },
		);
		expect(run.items(NODE).map(({ json }) => json['error'])).toEqual([
			undefined,
			undefined,
			"There is no service 'nonsense'",
			"There is no service 'undefined'",
			undefined,
		]);
		expect(run.items(NODE)[2]?.json['errorDetails']).toMatchObject({
			kind: 'refused',
			description: expect.stringContaining('ollama'),
			attempts: 0,
		});
		expect(bench().service.requests).toHaveLength(1);
		expect(server.requests).toHaveLength(2);
	});
});

describe('A service that is not known', () => {
	const bench = useBench({ credential: { service: 'nonsense' } });

	it('fails the test of the credential', async () => {
		const result = await bench().engine.testCredential(OPEN_AI, { service: 'nonsense' });
		expect(result).toMatchObject({ status: 'Error' });
		expect(result.message).toContain(
			"There is no service 'nonsense'. Set 'Service' in the credential to one of: anthropic",
		);
	});
});

describe('Azure without its endpoint', () => {
	const bench = useBench({ credential: { service: 'azure', apiKey: KEY } });

	it('is an error that asks for it, before anything is sent', async () => {
		const failure = await failureOf(bench(), openAiChat('kite'));
		expect(failure.message).toBe('The base URL is not an http(s) URL');
		expect(bench().service.requests).toEqual([]);
	});
});
