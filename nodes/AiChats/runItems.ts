import {
	ExecutionBaseError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { withoutUndefined } from '../../providers/decode/json';
import { ProviderError } from '../../providers/errors';
import { fieldError } from '../shared/fields';
import { type NodeError, publicError, toNodeError } from '../shared/toNodeError';
import { readShape } from './fields/row';
import { showHints } from './hints';
import { ItemRun } from './ItemRun';
import { SharedRun } from './SharedRun';
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
	const missing = items.map(() => false);
	let declined: { run: ItemRun } | undefined;
	const processItem = async (itemIndex: number) => {
		const run = runs[itemIndex] as ItemRun;
		try {
			const shape = readShape(run, items[itemIndex]);
			const outputs = await execute(run);
			results[itemIndex] = shape === undefined ? outputs : outputs.map(shape);
			run.noteSuccess();
		} catch (error) {
			const isLimit = error instanceof ProviderError && error.kind === 'limit';
			if (shared.signal.aborted || !(isLimit || context.continueOnFail())) {
				shared.stop();
				throw thrownError(run, error);
			}
			missing[itemIndex] = true;
			if (isLimit) {
				declined ??= { run };
				run.hint(error.message);
			} else {
				run.failed = true;
				run.noteFailure(error);
			}
			const nodeError = shownError(run, error);
			if (context.continueOnFail()) await endBrokenStream(run, nodeError);
			results[itemIndex] = [errorItem(run, items[itemIndex], nodeError, error, run.redact)];
		}
	};
	const { answers, limits } = shared;
	let hasEnded = false;
	try {
		await runPool(items.length, shared.pace, processItem).finally(() => limits.close(context));
		if (declined !== undefined && !context.continueOnFail()) {
			throw nodeErrorOf(declined.run, limits.finalError());
		}
		assertComplete(context, results);
		hasEnded = true;
	} finally {
		if (!hasEnded && answers.isUsed) answers.keep();
	}
	answers.settle(missing);
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
	throw fieldError(
		{ context, itemIndex: lost },
		'An item came out of the node without a result',
		'Please report this bug.',
	);
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

/**
 * A failed item: everything that came in, and what went wrong.
 * @param nodeError the failure as users read it; without the partial text, which has a field of its own
 * @param cause the failure as it was thrown
 */
export function errorItem(
	run: ItemRun,
	input: INodeExecutionData | undefined,
	nodeError: NodeError,
	cause: unknown,
	redact: (text: string) => string,
): INodeExecutionData {
	const pairedItem = { item: run.itemIndex };
	// An agent knows its own input.
	if (run.isTool) return { json: { error: nodeError.message }, pairedItem };
	const item: INodeExecutionData = withoutUndefined({
		json: {
			...input?.json,
			error: nodeError.message,
			errorDetails: { ...errorDetails(nodeError, cause, redact), attempts: run.attempts },
		},
		binary: input?.binary,
		pairedItem,
	});
	if (run.context.getNode().onError !== 'continueErrorOutput') return item;
	// n8n sends an item to the error output by its `error`, and then cuts the JSON of every item that has
	// one down to the message. It copies the items in between: the copy lacks what is not enumerable.
	return Object.defineProperty(item, 'error', { value: nodeError });
}

function errorDetails(
	nodeError: NodeError,
	cause: unknown,
	redact: (text: string) => string,
): IDataObject {
	const description = nodeError.description ?? null;
	if (!(cause instanceof ProviderError)) return { kind: ownKind(cause), description };
	const { details, kind } = publicError(cause, redact);
	const { status = null, code = null, requestId = null, partialText = null } = details;
	return { kind, description, status, code, requestId, partialText };
}

/** n8n's own errors are about fields, expressions, files and credentials; all others nobody expected. */
function ownKind(cause: unknown): 'input' | 'internal' {
	return cause instanceof ExecutionBaseError ? 'input' : 'internal';
}
