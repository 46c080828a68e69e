import { ExecutionBaseError, type IDataObject, type INodeExecutionData } from 'n8n-workflow';

import { ProviderError } from '../../providers/errors';
import { type NodeError, publicError } from '../shared/toNodeError';
import type { ItemRun } from './ItemRun';

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
	if (!(cause instanceof ProviderError)) return { kind: ownKind(cause), description };
	const { details, kind } = publicError(cause, redact);
	const { status = null, code = null, requestId = null, partialText = null } = details;
	return { kind, description, status, code, requestId, partialText };
}

/** n8n's own errors are about fields, expressions, files and credentials; all others nobody expected. */
function ownKind(cause: unknown): 'input' | 'internal' {
	return cause instanceof ExecutionBaseError ? 'input' : 'internal';
}
