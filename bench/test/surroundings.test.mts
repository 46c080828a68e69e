import { expect, test } from 'vitest';

import { surroundings } from '../report/surroundings.mts';

test('what a comparison was made with is found, each with its version', async () => {
	const found = new Map(await surroundings('2.41.1'));
	expect(found.get('n8n')).toBe('2.41.1');
	expect(found.get('n8n-nodes-aichats')).toMatch(/^\d+\.\d+\.\d+ \(commit [0-9a-f]{7,}\)$/);
	for (const name of ['Node.js', 'undici', 'eventsource-parser', '@n8n/ai-node-sdk']) {
		expect(found.get(name), name).toMatch(/^\d+\.\d+\.\d+/);
	}
});
