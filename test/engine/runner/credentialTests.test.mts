import { describe, expect, test } from 'vitest';

import { useRunner } from './useRunner.mts';

const { engineWith, server } = useRunner();

describe('credential tests', () => {
	test('a test request that succeeds is OK', async () => {
		const engine = await engineWith();
		const result = await engine.testCredential('testApi', { key: '/status', url: server().url });
		expect(result).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(server().requests[0]).toMatchObject({
			path: '/status',
			headers: { 'x-key': '/status' },
		});
	});

	test.each([
		['the rule for a body', 'testApi', { key: '/blocked' }, 'This key is blocked'],
		['the rule for a status', 'genericApi', { token: 'x' }, 'Token refused'],
		['the status text without a rule', 'testApi', { key: '/status/403' }, 'Forbidden'],
	])('a failed test request gives %s', async (_, type, data, message) => {
		const engine = await engineWith();
		const result = await engine.testCredential(type, { ...data, url: server().url });
		expect(result).toEqual({ status: 'Error', message });
	});

	test('a test request to a closed port gives the system error', async () => {
		const engine = await engineWith();
		const { status, message } = await engine.testCredential('testApi', { key: '/x' });
		expect({ status, message }).toEqual({ status: 'Error', message: 'ECONNREFUSED' });
	});

	test.each([
		['right', 'OK', 'Right'],
		['wrong', 'Error', 'Wrong key'],
	])("a node's test function judges %s", async (key, status, message) => {
		const engine = await engineWith();
		expect(await engine.testCredential('functionTestedApi', { key })).toEqual({ status, message });
	});
});
