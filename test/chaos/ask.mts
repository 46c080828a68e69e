import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { EngineRun } from '../../dev/engine/index.mts';
import { type Bench, NODE } from '../engine/support.mts';
import { itemsOf } from './bench.mts';

/** Runs one prompt and gives what became of it, a failure included. */
export async function askOne(
	bench: Bench,
	parameters: INodeParameters,
	prompt: string,
): Promise<{ run: EngineRun; item: INodeExecutionData }> {
	const run = await bench.run(parameters, itemsOf([prompt]), { onError: 'continueRegularOutput' });
	const [item, ...others] = run.items(NODE);
	if (item === undefined || others.length > 0)
		throw new Error(`Not one item: ${others.length + 1}`);
	return { run, item };
}
