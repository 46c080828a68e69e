import { describe, expect, test } from 'vitest';

import { chain } from './chain.mts';
import { useRunner } from './useRunner.mts';

const { engineWith, server } = useRunner();

describe('failing', () => {
	const fetchItem = {
		name: 'Fetch',
		type: 'fetch',
		parameters: { url: '={{ $json.url }}' },
	};

	test('a failed run resolves with its error', async () => {
		const engine = await engineWith();
		const input = [{ json: { url: `${server().url}/status/500` } }];
		const run = await engine.run(chain(fetchItem), { input });
		expect(run.status).toBe('error');
		expect(run.error).toMatchObject({ httpCode: '500' });
	});

	test('failed items leave through the error output', async () => {
		const engine = await engineWith();
		const workflow = chain({ ...fetchItem, onError: 'continueErrorOutput' });
		const input = ['/status/503', '/fine'].map((path) => ({ json: { url: server().url + path } }));

		const run = await engine.run(workflow, { input });

		expect(run.items('Fetch', 0).map(({ json }) => json.path)).toEqual(['/fine']);
		expect(run.items('Fetch', 1).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
	});
});
