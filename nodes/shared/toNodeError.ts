import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { ProviderError, type ProviderErrorKind } from '../../providers/errors';

export type NodeError = NodeApiError | NodeOperationError;

/** The longest texts that leave, in UTF-16 code units: n8n stores every error. Partial text stays whole. */
const MAX_LENGTHS = {
	code: 100,
	explanation: 1000,
	parameter: 100,
	requestId: 100,
	serviceMessage: 300,
} as const;
const MAX_MESSAGE = 300;

/** A failure as it may leave. Secrets go first: one that is cut is no longer found. */
export function publicError(error: ProviderError, redact: (text: string) => string): ProviderError {
	const details = { ...error.details };
	for (const [name, max] of Object.entries(MAX_LENGTHS) as Array<
		[keyof typeof MAX_LENGTHS, number]
	>) {
		const text = details[name];
		if (text !== undefined) details[name] = shortened(redact(text), max);
	}
	if (details.partialText !== undefined) details.partialText = redact(details.partialText);
	return new ProviderError(error.kind, shortened(redact(error.message), MAX_MESSAGE), details);
}

function shortened(text: string, max: number): string {
	return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}

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
	const shown = publicError(error, redact);
	const { message } = shown;
	const options = { itemIndex, message, description: errorDescription(shown) };
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

/** What the user can do about a failure, by what failed. */
const BY_KIND: Record<ProviderErrorKind, string> = {
	aborted: 'The execution was stopped before the answer was complete.',
	blocked:
		'The service wants to see a person first. Open its site in your browser, solve the captcha and paste your own session cookie into the credential, or set a base URL whose service lets programs in.',
	http: 'Try again later; if it keeps failing, check the base URL in the credential.',
	network: 'Check the base URL and the proxy in the credential, and that the service is running.',
	protocol:
		'The server answered, but not as this provider does. Check that the base URL in the credential belongs to this kind of service.',
	quota:
		'Wait until the limit is renewed, or use a session or an account of your own in the credential.',
	refused: 'Change the request or the option named here, then run the node again.',
	timeout: 'Try again later, or check the base URL and the proxy in the credential.',
	truncated:
		'The connection closed too early, so the answer is not whole and was not returned as if it were. Try again.',
};

const BY_STATUS: Record<number, string> = {
	400: 'The service does not take this request. Change the field or option that it names.',
	401: 'Check the session cookie, the API key and the headers in the credential.',
	403: 'Check that the session cookie or API key in the credential is valid and allowed to do this.',
	404: 'Check the base URL in the credential; nothing answers there under this address.',
	407: 'The proxy does not let you in. Check the user name and password in the proxy URL of the credential.',
	429: 'The service gets too many requests from you. Wait a while, or send fewer at a time.',
};

const BY_CODE: Record<string, string> = {
	model_not_found: 'Choose another model: the list shows those that the service has.',
};

const TLS_ADVICE =
	"If you trust this server although its certificate is self-signed, turn on 'Ignore SSL Issues' in the credential.";

/** The description of an error: what to do, then the service's own words, then the code. */
function errorDescription(error: ProviderError): string {
	const { status, code, explanation = '', serviceMessage, partialText } = error.details;
	const sentences = [
		explanation || adviceFor(error),
		serviceMessage ? `The service said: ${serviceMessage}` : '',
		code === undefined ? '' : `Code: ${code}.`,
		status === undefined ? '' : `Status: ${status}.`,
		partialText ? `Text until then: ${partialText}` : '',
	];
	return sentences.filter((sentence) => sentence !== '').join(' ');
}

function adviceFor(error: ProviderError): string {
	if (error.message.includes('TLS certificate')) return TLS_ADVICE;
	if (error.kind !== 'http') return BY_KIND[error.kind];
	const { code = '', status = 0 } = error.details;
	return BY_CODE[code] ?? BY_STATUS[status] ?? BY_KIND.http;
}
