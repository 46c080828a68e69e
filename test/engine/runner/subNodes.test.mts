import { expect, test } from 'vitest';

import { chain } from './chain.mts';
import { useRunner } from './useRunner.mts';

const { engineWith } = useRunner();

test('a sub-node supplies what its parent asks for', async () => {
	const engine = await engineWith();
	const workflow = chain({ name: 'Remember', type: 'remember' });
	const parameters = { topic: '={{ $json.topic }}' };
	const sketch = chain({ name: 'Memory', type: 'memory', parameters, id: 'memory' });
	workflow.nodes.push(sketch.nodes[1]!);
	workflow.connections.Memory = {
		ai_memory: [[{ node: 'Remember', type: 'ai_memory', index: 0 }]],
	};

	const run = await engine.run(workflow, { input: [{ json: { topic: 'cats' } }] });

	expect(run.items('Remember')[0]?.json).toEqual({ memory: 'about cats' });
});
