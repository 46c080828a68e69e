import { describe, expect, test } from 'vitest';

import { chain, credentials } from './chain.mts';
import { useRunner } from './useRunner.mts';

const { engineWith, server } = useRunner();

describe('stopping', () => {
	const fetchItem = {
		name: 'Fetch',
		type: 'fetch',
		parameters: { url: '={{ $json.url }}' },
	};

	test('cancel() aborts a hanging request', async () => {
		const engine = await engineWith();
		const parameters = { url: `${server().url}/hang`, signed: 'yes' };
		const seen = server().seen();
		const execution = engine.start(chain({ ...fetchItem, parameters, credentials }));
		await seen;

		execution.cancel();
		const run = await execution.finished;

		expect(run.status).toBe('canceled');
		await server().requests[0]?.closed;
	});

	test('close() stops what still runs', async () => {
		const engine = await engineWith();
		const parameters = { url: `${server().url}/hang`, signed: 'yes' };
		const seen = server().seen();
		const execution = engine.start(chain({ ...fetchItem, parameters, credentials }));
		await seen;
		await engine.close();
		expect((await execution.finished).status).toBe('canceled');
	});
});
