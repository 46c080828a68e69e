import type { INode } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { EngineRun } from '../../dev/engine/index.mts';
import { chat } from './parameters.mts';
import { ALL, asked, attempt, contextOf, options, PROMPT, ROWS } from './resuming.mts';
import { nodeType } from './runner/nodeType.mts';
import { type Bench, NODE, node, oneNode } from './support.mts';
import { useBench } from './useBench.mts';

const AGAIN = 'Again';

/** Sends rows that came from the trigger through the loop once more: those from `first` on. */
const again = nodeType(
	'again',
	async function () {
		const context = this.getContext('node');
		const passes = (context['passes'] = Number(context['passes'] ?? 0) + 1);
		const proxy = this.getWorkflowDataProxy(0) as { $: (name: string) => { all(): object[] } };
		const rows = proxy
			.$('Start')
			.all()
			.slice(Number(this.getNodeParameter('first', 0)));
		return passes === 1 ? [rows as typeof ROWS, []] : [[], this.getInputData()];
	},
	{
		outputs: ['main', 'main'],
		properties: [{ displayName: 'First', name: 'first', type: 'number', default: 0 }],
	},
);

const bench = useBench({ engine: { nodeTypes: { 'test.again': again } } });

/** The node in a loop that asks all rows, then those from `first` on once more. */
async function loop(
	at: Bench,
	rows: typeof ROWS,
	onError: INode['onError'],
	first = 0,
): Promise<EngineRun> {
	const workflow = oneNode(chat(PROMPT, { options }), onError);
	workflow.nodes.push(node(AGAIN, 'test.again', { first }));
	const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
	workflow.connections[NODE] = { main: [to(AGAIN), to(AGAIN)] };
	workflow.connections[AGAIN] = { main: [to(NODE)] };
	return await at.engine.run(workflow, { input: rows });
}

const MODES = ['continueRegularOutput', 'continueErrorOutput'] as const;
const WITHOUT_FAULT = ROWS.map(({ json }) => ({ json: { ...json, fault: '' } }));

describe.each(MODES)('In a loop, with On Error %s', (onError) => {
	it('a second pass asks only for the rows that failed', async () => {
		const run = await loop(bench(), ROWS, onError);
		expect(asked(bench())).toEqual([...ALL, 6]);
		const second = run.run.data.resultData.runData[NODE]?.at(-1);
		const [items = []] = second?.data?.['main'] ?? [];
		expect(items).toHaveLength(ROWS.length);
		items?.forEach(({ json, pairedItem }, row) => {
			expect(json['text']).toContain(`kite ${row}`);
			expect(pairedItem).toEqual({ item: row });
		});
		expect(contextOf(run)).toEqual({});
	});

	it('nothing is left after a last pass of one row', async () => {
		const run = await loop(bench(), ROWS, onError, 9);
		expect(asked(bench())).toEqual([...ALL, 9]);
		expect(contextOf(run)).toEqual({});
	});

	it('a second pass asks everything anew where none had failed', async () => {
		const run = await loop(bench(), WITHOUT_FAULT, onError);
		expect(asked(bench())).toEqual([...ALL, ...ALL]);
		expect(contextOf(run)).toEqual({});
	});
});

describe.each(MODES)('Without a loop, with On Error %s', (onError) => {
	it('nothing is kept: the execution succeeds', async () => {
		const run = await attempt(bench(), chat(PROMPT, { options }), { node: { onError } });
		expect(run.status).toBe('success');
		expect(contextOf(run)).toEqual({});
	});

	it('n8n runs the node again when its first item failed: only that is asked', async () => {
		const items = [ROWS[6]!, ...ROWS.slice(0, 6)];
		const node = { onError, retryOnFail: true, waitBetweenTries: 1 };
		const run = await attempt(bench(), chat(PROMPT, { options }), { node, items });
		expect(asked(bench())).toEqual([6, 0, 1, 2, 3, 4, 5, 6]);
		expect(run.items(NODE).map(({ json }) => 'error' in json)).toEqual(items.map(() => false));
		expect(contextOf(run)).toEqual({});
	});
});
