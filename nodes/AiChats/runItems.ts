import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { ProviderError } from '../../providers/errors';
import { type NodeError, toNodeError } from '../shared/toNodeError';
import { errorItem } from './errorItem';
import { showHints } from './hints';
import { ItemRun, SharedRun } from './ItemRun';
import { type OperationName, operations } from './operations';
import { runPool } from './pool';
import { endBrokenStream } from './streaming';

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
			const nodeError = runError(run, error, shared.redact);
			if (shared.signal.aborted || !context.continueOnFail()) {
				shared.stop();
				throw nodeError;
			}
			await endBrokenStream(run, nodeError);
			results[itemIndex] = [errorItem(run, items[itemIndex], nodeError, error, shared.redact)];
		}
	});
	showHints(context, runs, shared.hints.messages(items.length, shared.redact));
	return [results.flat()];
}

/** What failed, in words for whoever reads them. */
function runError(run: ItemRun, error: unknown, redact: (words: string) => string): NodeError {
	// Who reads the stream has the text already, and n8n sends them the description.
	const news = run.streaming && error instanceof ProviderError ? error.withoutText() : error;
	const nodeError = toNodeError(news, run.context.getNode(), run.itemIndex, redact);
	const { message, description } = nodeError;
	// Agents are told no more than the message.
	if (run.isTool && description) nodeError.message = `${message}. ${description}`;
	return nodeError;
}
