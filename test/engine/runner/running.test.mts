import { describe, expect, test } from 'vitest';

import { chain } from './chain.mts';
import { useRunner } from './useRunner.mts';

const { engineWith } = useRunner();

describe('running', () => {
	test('two items pass through expressions and keep their lineage', async () => {
		const engine = await engineWith();
		const assignments = [
			{ id: '1', name: 'doubled', value: '={{ $json.number * 2 }}', type: 'number' },
			{ id: '2', name: 'from.start', value: '={{ $("Start").item.json.number }}', type: 'string' },
		];
		const parameters = { assignments: { assignments }, options: {} };
		const workflow = chain({
			name: 'Edit',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters,
		});
		const input = [{ json: { number: 1 } }, { json: { number: 2 } }];

		const run = await engine.run(workflow, { input });

		expect(run.status).toBe('success');
		expect(run.items('Edit')).toEqual([
			{ json: { doubled: 2, from: { start: '1' } }, pairedItem: { item: 0 } },
			{ json: { doubled: 4, from: { start: '2' } }, pairedItem: { item: 1 } },
		]);
	});

	test('Edit Fields takes raw JSON and leaves the workflow as it was', async () => {
		const engine = await engineWith();
		const jsonOutput = '={"a": {{ $json.a }}, "all": {{ $json }}}';
		const parameters = { mode: 'raw', jsonOutput, includeOtherFields: true };
		const workflow = chain({
			name: 'Edit',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters,
		});
		const before = structuredClone(workflow);

		const run = await engine.run(workflow, { input: [{ json: { a: 1, b: 2 } }] });

		expect(run.items('Edit')[0]?.json).toEqual({ a: 1, b: 2, all: { a: 1, b: 2 } });
		expect(workflow).toEqual(before);
	});

	test('a node type reached as a custom extension is the same one', async () => {
		const engine = await engineWith();
		const run = await engine.run(chain({ name: 'Stream', type: 'CUSTOM.stream' }));
		expect(run.items('Stream')).toHaveLength(1);
	});

	test('an unknown node type is named', async () => {
		const engine = await engineWith();
		const workflow = chain({ name: 'Ask', type: 'n8n-nodes-base.slack' });
		await expect(engine.run(workflow)).rejects.toThrow('Unknown node type "n8n-nodes-base.slack"');
	});

	test('asking for a node that did not run says which did', async () => {
		const engine = await engineWith();
		const run = await engine.run(chain({ name: 'Stream', type: 'stream' }));
		expect(() => run.items('Other')).toThrow('"Other" did not run. These ran: Start, Stream');
	});

	test('a workflow with two triggers starts from the one that is named', async () => {
		const engine = await engineWith();
		const workflow = chain({ name: 'Nightly', type: 'n8n-nodes-base.scheduleTrigger' });
		const run = await engine.run({ ...workflow, connections: {} }, { startNode: 'Nightly' });
		expect(Object.keys(run.run.data.resultData.runData)).toEqual(['Nightly']);
		await expect(engine.run(workflow, { startNode: 'Gone' })).rejects.toThrow('start from: Gone');
	});

	test('pinned data takes the place of a node', async () => {
		const engine = await engineWith();
		const workflow = chain({ name: 'Fetch', type: 'fetch' }, { name: 'Stream', type: 'stream' });
		const run = await engine.run(workflow, { pinData: { Fetch: [{ json: { pinned: true } }] } });
		expect(run.items('Fetch')[0]?.json).toEqual({ pinned: true });
		expect(run.items('Stream')).toHaveLength(1);
	});
});
