import { describe, expect, test } from 'vitest';

import { credentials } from './chain.mts';
import { testPackage } from './testPackage.mts';
import { useRunner } from './useRunner.mts';

const { engineWith, server } = useRunner();

describe('lists', () => {
	test('listSearch sees parameters, credentials, filter and page', async () => {
		const data = { key: 'k', url: server().url };
		const engine = await engineWith({ credentials: { 'cred-1': { type: 'testApi', data } } });
		const node = { type: `${testPackage.name}.credential`, parameters: {}, credentials };

		const found = await engine.searchList(node, 'models', 'gpt', 'page-2');

		expect(found.results.map(({ name }) => name)).toEqual(['/models', 'plain', 'gpt']);
		expect(found.paginationToken).toBe('page-2+');
	});

	test('loadOptions runs, and a missing method is named', async () => {
		const engine = await engineWith();
		const node = { type: 'CUSTOM.credential' };
		expect(await engine.loadOptions(node, 'kinds')).toEqual([{ name: node.type, value: 'one' }]);
		await expect(engine.loadOptions(node, 'none')).rejects.toThrow('no loadOptions method "none"');
	});
});
