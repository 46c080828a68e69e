import type { StructuredChunk } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { chain } from './chain.mts';
import { useRunner } from './useRunner.mts';

const { engineWith } = useRunner();

describe('streaming', () => {
	test('chunks reach onChunk, hints and finished nodes are reported', async () => {
		const engine = await engineWith();
		const chunks: StructuredChunk[] = [];
		const finished: string[] = [];
		const run = await engine.run(chain({ name: 'Stream', type: 'stream' }), {
			mode: 'webhook',
			onChunk: (chunk) => chunks.push(chunk),
			onNodeFinished: (name) => finished.push(name),
		});

		expect(run.items('Stream')[0]?.json).toEqual({ streaming: true });
		expect(chunks.map(({ type, content }) => [type, content])).toEqual([
			['begin', undefined],
			['item', 'Hello'],
			['end', undefined],
		]);
		expect(finished).toEqual(['Start', 'Stream']);
		expect(run.hints('Stream')).toMatchObject([{ message: 'a hint' }]);
	});

	test('without onChunk a node is not streaming', async () => {
		const engine = await engineWith();
		const run = await engine.run(chain({ name: 'Stream', type: 'stream' }));
		expect(run.items('Stream')[0]?.json).toEqual({ streaming: false });
	});
});
