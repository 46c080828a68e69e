import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { ProviderError } from '../../providers/errors';
import { type NodeError, publicError } from '../shared/toNodeError';
import type { ItemRun } from './ItemRun';

/** A failed item: everything that came in, and what went wrong. */
export function errorItem(
	run: ItemRun,
	input: INodeExecutionData | undefined,
	nodeError: NodeError,
	cause: unknown,
	redact: (text: string) => string,
): INodeExecutionData {
	const pairedItem = { item: run.itemIndex };
	// An agent has no use for what it has said itself.
	if (run.isTool) return { json: { error: nodeError.message }, pairedItem };
	const item: INodeExecutionData = {
		json: {
			...input?.json,
			error: nodeError.message,
			errorDetails: { ...errorDetails(nodeError, cause, redact), attempts: run.attempts },
		},
		...(input?.binary === undefined ? {} : { binary: input.binary }),
		pairedItem,
	};
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
	if (!(cause instanceof ProviderError)) return { kind: 'input', description };
	const { details, kind } = publicError(cause, redact);
	const { status = null, code = null, requestId = null, partialText = null } = details;
	return { kind, description, status, code, requestId, partialText };
}
