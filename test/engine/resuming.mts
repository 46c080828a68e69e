import type { INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { expect } from 'vitest';

import type { EngineRun, RunOptions } from '../../dev/engine/index.mts';
import { once } from './parameters.mts';
import { type Bench, NODE, oneNode } from './support.mts';

/** Row 6 of ten fails the first time it is asked. */
export const ROWS = Array.from({ length: 10 }, (_, row) => ({
	json: { row, fault: row === 6 ? ' [[status code=400 times=1]]' : '' },
}));
export const ALL = ROWS.map((_, row) => row);
export const PROMPT = '=kite {{ $json.row }}{{ $json.fault }}';
export const options = { ...once, parallelRequests: 1 };

interface Trial {
	items?: INodeExecutionData[];
	node?: Partial<INode>;
	run?: RunOptions;
}

export async function attempt(bench: Bench, parameters: INodeParameters, trial: Trial = {}) {
	const workflow = oneNode(parameters);
	Object.assign(workflow.nodes[1]!, trial.node);
	return await bench.engine.run(workflow, { input: trial.items ?? ROWS, ...trial.run });
}

/** Which rows were asked, in order. */
export function asked(bench: Bench): number[] {
	const sent = bench.service.requests.filter(({ method }) => method === 'POST');
	return sent.map(({ body }) => Number(/kite (\d+)/.exec(JSON.stringify(body))?.[1]));
}

/** A failed run, and another try of n8n's. @returns that, and which rows were asked for it */
export async function retried(bench: Bench, first: INodeParameters, second = first) {
	const failed = await attempt(bench, first);
	expect(failed.error).toMatchObject({ httpCode: '400', context: { itemIndex: 6 } });
	const { length } = asked(bench);
	expect(length).toBe(7);
	const run = await attempt(bench, second, { run: { retryOf: failed.run } });
	return { failed, run, rows: asked(bench).slice(length) };
}

export function contextOf({ run }: EngineRun): Record<string, unknown> {
	return run.data.executionData?.contextData[`node:${NODE}`] ?? {};
}

export function expectAllRows(run: EngineRun, field = 'text') {
	expect(run.error).toBeUndefined();
	expect(run.items(NODE)).toHaveLength(ROWS.length);
	run.items(NODE).forEach(({ json, pairedItem }, row) => {
		expect(json[field]).toContain(`kite ${row}`);
		expect(pairedItem).toEqual({ item: row });
	});
}
