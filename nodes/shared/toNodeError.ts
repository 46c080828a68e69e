import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { ProviderError } from '../../providers/errors';
import { errorDescription } from './advice';

export type NodeError = NodeApiError | NodeOperationError;

/** Maximum lengths of texts that leave, in UTF-16 code units: n8n stores every error. Partial text stays whole. */
const MAX_LENGTHS = {
	address: 300,
	code: 100,
	explanation: 1000,
	failedGeneration: 300,
	parameter: 100,
	requestId: 100,
	serviceMessage: 300,
} as const;
const MAX_MESSAGE = 300;

/**
 * A failure as it may leave: without secrets, without characters that do something instead of showing
 * something, and cut. Secrets go before anything is cut: what is left of one is no longer found.
 */
export function publicError(error: ProviderError, redact: (text: string) => string): ProviderError {
	const clean = (text: string): string => redact(withoutControls(text));
	const details = { ...error.details };
	for (const [name, max] of Object.entries(MAX_LENGTHS) as Array<
		[keyof typeof MAX_LENGTHS, number]
	>) {
		const text = details[name];
		if (text !== undefined) details[name] = shortened(clean(text), max);
	}
	if (details.partialText !== undefined) details.partialText = clean(details.partialText);
	return error.with(details, shortened(clean(error.message), MAX_MESSAGE));
}

/** Escape sequences of terminals (ECMA-48, 5.4 and 5.6): colors, cursor movements, titles of windows. */
const [ESC, BEL, CSI] = [0x1b, 0x07, 0x9b].map((code) => String.fromCharCode(code));
const ANSI = new RegExp(
	`(?:${ESC}\\[|${CSI})[0-?]*[ -/]*[@-~]|${ESC}\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?`,
	'g',
);
/** All other control characters but tab and line feed, and those that reverse what stands after them. */
const CONTROLS = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/** PostgreSQL refuses to store NUL; a terminal, a browser and a reader can be misled by the others. */
function withoutControls(text: string): string {
	return text.replace(ANSI, '').replaceAll('\r\n', '\n').replace(CONTROLS, '');
}

function shortened(text: string, max: number): string {
	if (text.length <= max) return text;
	// Half a surrogate pair is not a character.
	const end = /[\ud800-\udbff]$/.test(text.slice(0, max - 1)) ? max - 2 : max - 1;
	return `${text.slice(0, end)}…`;
}

/** Kinds that are about the request or the run, not about what the service answered. */
const OPERATION_KINDS = new Set(['refused', 'aborted', 'limit']);

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
	const shown = publicError(error, redact);
	const { message } = shown;
	const options = { itemIndex, message, description: errorDescription(shown) };
	const { failedGeneration: text, status } = error.details;
	const nodeError = OPERATION_KINDS.has(error.kind)
		? new NodeOperationError(node, message, options)
		: new NodeApiError(node, { message }, { ...options, httpCode: String(status ?? '') });
	const failedGeneration = text && redact(withoutControls(text));
	failures.set(nodeError, shown.with({ cause: undefined, failedGeneration }));
	return worded(nodeError, message);
}

/** What each error of n8n was made from, for the AiChats node that the AiChats Chat Model is connected to. */
const failures = new WeakMap<object, ProviderError>();

/** The redacted failure that an error of n8n was made from; undefined for errors of others. */
export function providerErrorBehind(error: object): ProviderError | undefined {
	return error instanceof ProviderError ? error : failures.get(error);
}

const UNEXPECTED = 'Check this node, those connected to it, and the machine of n8n.';

function unexpected(
	error: unknown,
	node: INode,
	itemIndex: number,
	redact: (text: string) => string,
): NodeOperationError {
	const message = redact(withoutControls(error instanceof Error ? error.message : String(error)));
	const described = error instanceof Error && 'description' in error ? error.description : '';
	const given = typeof described === 'string' ? redact(withoutControls(described)) : '';
	const description = given || UNEXPECTED;
	return worded(new NodeOperationError(node, message, { itemIndex, description }), message);
}

/** n8n replaces a message that contains a system code such as EPERM, as "approvePermissions" does. */
function worded<Error extends NodeError>(error: Error, message: string): Error {
	error.message = message;
	return error;
}
