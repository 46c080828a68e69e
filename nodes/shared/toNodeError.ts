import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { ProviderError } from '../../providers/errors';
import { describe } from './advice';

export type NodeError = NodeApiError | NodeOperationError;

/** Kinds that are about the request or the run, not about what the service answered. */
const OPERATION_KINDS = new Set(['refused', 'aborted']);

/**
 * Whatever failed in an item as an error that n8n shows well: short message, a description that says
 * what to do. The only place where provider errors become n8n errors. No cause is kept: n8n stores
 * errors, and a cause may hold headers.
 */
export function toNodeError(
	error: unknown,
	node: INode,
	itemIndex: number,
	redact: (text: string) => string,
): NodeError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (!(error instanceof ProviderError)) return unexpected(error, node, itemIndex, redact);
	const options = {
		itemIndex,
		message: redact(error.message),
		description: redact(describe(error)),
	};
	const { message } = options;
	if (OPERATION_KINDS.has(error.kind)) {
		return worded(new NodeOperationError(node, message, options), message);
	}
	const status = error.details.status;
	const httpCode = status === undefined ? {} : { httpCode: String(status) };
	return worded(new NodeApiError(node, { message }, { ...options, ...httpCode }), message);
}

function unexpected(
	error: unknown,
	node: INode,
	itemIndex: number,
	redact: (text: string) => string,
): NodeOperationError {
	const message = redact(error instanceof Error ? error.message : String(error));
	const described = error instanceof Error && 'description' in error ? error.description : '';
	const description = typeof described === 'string' ? redact(described) : '';
	return worded(new NodeOperationError(node, message, { itemIndex, description }), message);
}

/** n8n replaces a message that contains a system code such as EPERM, as "approvePermissions" does. */
function worded<Error extends NodeError>(error: Error, message: string): Error {
	error.message = message;
	return error;
}
