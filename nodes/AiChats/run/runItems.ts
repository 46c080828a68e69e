import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toNodeError } from '../../shared/toNodeError';
import { operations, type OperationName } from '../operations';
import { errorItem } from '../output/errorItem';
import { hintAboutTrouble } from '../output/hints';
import { ItemRun } from './ItemRun';
import { runPool } from './pool';
import { SharedRun } from './SharedRun';

/**
 * The one loop over items: each goes through the operation and comes out in its place, as its results
 * or, where the workflow goes on after errors, as an error item. Otherwise the first failure stops the
 * rest and is thrown.
 */
export async function runItems(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	if (items.length === 0) return [[]];
	const { execute } = operations[context.getNodeParameter('operation', 0) as OperationName];
	const shared = new SharedRun(context);
	const runs = items.map((_, itemIndex) => new ItemRun(context, itemIndex, shared));
	const results: INodeExecutionData[][] = items.map(() => []);
	await runPool(items.length, shared.pace, async (itemIndex) => {
		const run = runs[itemIndex] as ItemRun;
		try {
			results[itemIndex] = await execute(run);
		} catch (error) {
			run.failed = true;
			const nodeError = toNodeError(error, context.getNode(), itemIndex, shared.redact);
			if (shared.signal.aborted || !context.continueOnFail()) {
				shared.stop();
				throw nodeError;
			}
			results[itemIndex] = [errorItem(run, items[itemIndex], nodeError, error, shared.redact)];
		}
	});
	hintAboutTrouble(context, runs);
	return [results.flat()];
}
