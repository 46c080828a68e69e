import type { IHttpRequestHelper } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { chain, credentials } from './chain.mts';
import { nodeType, textParameter } from './nodeType.mts';
import { testPackage } from './testPackage.mts';
import { useRunner } from './useRunner.mts';

const { engineWith, server } = useRunner();

describe('credentials', () => {
	test('defaults, expressions and a function authenticate reach the server', async () => {
		const engine = await engineWith();
		const parameters = { url: '/who', signed: 'yes' };
		const workflow = chain({ name: 'Fetch', type: 'fetch', parameters, credentials });

		const run = await engine.run(workflow, { input: [{ json: { tenant: 'blue' } }] });

		expect(run.items('Fetch')[0]?.json).toMatchObject({ path: '/who' });
		expect(server().requests[0]?.headers).toMatchObject({
			'x-key': 'k-blue',
			'x-region': 'default-region',
		});
	});

	test('a generic authenticate is filled in, inherited properties included', async () => {
		const data = { token: 't-1', url: server().url };
		const node = nodeType(
			'generic',
			async function () {
				const options = { url: `${server().url}/generic`, json: true };
				const request = this.helpers.httpRequestWithAuthentication;
				await request.call(this, 'genericApi', options);
				return [[{ json: { ...(await this.getCredentials('genericApi')) } }]];
			},
			{ credentials: [{ name: 'genericApi', required: true }] },
		);
		const engine = await engineWith({
			nodeTypes: { 'test.generic': node },
			credentials: { 'Named only': { type: 'genericApi', data } },
		});
		const reference = { genericApi: { id: 'unknown', name: 'Named only' } };
		const workflow = chain({ name: 'Generic', type: 'test.generic', credentials: reference });

		const run = await engine.run(workflow);

		expect(server().requests[0]?.headers.authorization).toBe('Bearer t-1');
		expect(run.items('Generic')[0]?.json).toMatchObject({ region: 'default-region', token: 't-1' });
	});

	test('a token from preAuthentication is kept for the next run', async () => {
		const expiring = {
			name: 'testApi',
			displayName: 'Expiring API',
			properties: [
				{ ...textParameter('token'), type: 'hidden' as const, typeOptions: { expirable: true } },
			],
			async preAuthentication(this: IHttpRequestHelper) {
				const url = `${server().url}/token`;
				return { token: (await this.helpers.httpRequest({ url, json: true })).path };
			},
			authenticate: {
				type: 'generic' as const,
				properties: { headers: { 'x-token': '={{$credentials.token}}' } },
			},
		};
		const engine = await engineWith({
			package: { ...testPackage, credentials: [expiring] },
			credentials: { 'cred-1': { type: 'testApi', data: {} } },
		});
		const parameters = { url: `${server().url}/data`, signed: 'yes' };
		const workflow = chain({ name: 'Fetch', type: 'fetch', parameters, credentials });

		await engine.run(workflow);
		await engine.run(workflow);

		expect(server().requests.map(({ path }) => path)).toEqual(['/token', '/data', '/data']);
		expect(server().requests[2]?.headers['x-token']).toBe('/token');
	});

	test('a missing credential is named', async () => {
		const engine = await engineWith({ credentials: {} });
		const run = await engine.run(chain({ name: 'Read', type: 'credential', credentials }));
		expect(run.error?.message).toContain('No credential with id "cred-1" or name "My key"');
	});
});
