import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import { ProviderError } from '../../providers/errors';
import { type NodeError, toNodeError } from '../shared/toNodeError';
import { errorItem } from './errorItem';
import { showHints } from './hints';
import { ItemRun, SharedRun } from './ItemRun';
import { chosenOperation } from './operations';
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
	const { execute, optionsOf } = chosenOperation(context);
	const shared = new SharedRun(context, optionsOf, items.length);
	const runs = items.map((_, itemIndex) => new ItemRun(context, itemIndex, shared));
	const results: INodeExecutionData[][] = items.map(() => []);
	await runPool(items.length, shared.pace, async (itemIndex) => {
		const run = runs[itemIndex] as ItemRun;
		try {
			results[itemIndex] = await execute(run);
			run.noteSuccess();
		} catch (error) {
			run.failed = true;
			if (shared.signal.aborted || !context.continueOnFail()) {
				shared.stop();
				throw thrownError(run, error);
			}
			run.noteFailure(error);
			const nodeError = shownError(run, error);
			await endBrokenStream(run, nodeError);
			results[itemIndex] = [errorItem(run, items[itemIndex], nodeError, error, run.redact)];
		}
	});
	assertComplete(context, results);
	showHints(context, runs, shared.hints.messages(items.length, shared.redact));
	return [results.flat()];
}

/** Never throws unless this package has a mistake: that should not lose items without a word. */
export function assertComplete(
	context: IExecuteFunctions,
	results: readonly INodeExecutionData[][],
): void {
	const lost = results.findIndex((items) => items.length === 0);
	if (lost === -1) return;
	throw new NodeOperationError(context.getNode(), 'An item came out of the node without a result', {
		itemIndex: lost,
		description:
			'This is a mistake in the node, and all results of this run are withheld so that no item is lost unnoticed. Please report it with the parameters of the node.',
	});
}

/** For the item that stops the workflow. Its error is the only place left for the text that had arrived. */
function thrownError(run: ItemRun, error: unknown): NodeError {
	return run.streaming ? shownError(run, error) : nodeErrorOf(run, error);
}

/** For those who have the text that had arrived: as a part of the stream, or in a field of the error item. */
function shownError(run: ItemRun, error: unknown): NodeError {
	const isKnown = error instanceof ProviderError && !run.isTool;
	return nodeErrorOf(run, isKnown ? error.withoutText() : error);
}

function nodeErrorOf(run: ItemRun, error: unknown): NodeError {
	const nodeError = toNodeError(error, run.context.getNode(), run.itemIndex, run.redact);
	const { message, description } = nodeError;
	// Agents get no more than the message.
	if (run.isTool && description) nodeError.message = `${message}. ${description}`;
	return nodeError;
}
