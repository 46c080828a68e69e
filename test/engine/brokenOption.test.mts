import { describe, expect, it } from 'vitest';

import { model } from './parameters.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const ITEMS = [{ json: { broken: true } }, { json: { broken: false } }];

describe('an expression in an option that breaks for the first item only', () => {
	const bench = useBench();

	it('fails that item alone', async () => {
		const options = {
			seed: "={{ $json.broken ? $('Nowhere').item.json.seed : 7 }}",
			parallelRequests: 1,
		};
		const parameters = {
			provider: 'openAiCompatible',
			...model('gpt-4o-mini'),
			operation: 'chat',
			prompt: 'a kite',
			options,
		};
		const run = await bench().run(parameters, ITEMS, { onError: 'continueRegularOutput' });
		expect(run.status).toBe('success');
		const [first, second] = run.items(NODE);
		expect(first).toMatchObject({ json: { broken: true, error: expect.any(String) } });
		expect(second).toMatchObject({ json: { text: expect.stringContaining('a kite') } });
	});
});
