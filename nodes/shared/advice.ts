import type { FailureReason, ProviderError, ProviderErrorKind } from '../../providers/errors';

/** What the user can do about a failure, by its reason. */
const BY_REASON: Record<FailureReason, string> = {
	certificate: "To trust a self-signed certificate, turn on 'Ignore SSL Issues' in the credential.",
	contextTooLong:
		"The conversation is too long for the model: shorten it, lower 'Max Tokens', or choose another model.",
	input: 'Change the field or option that the service names.',
	moderation: "The service's content rules forbid this request: change the prompt or the images.",
	noCredit: 'Top up the account, raise its limit, or use another.',
	noImage: "Choose a model that generates images, or set 'Operation' to Chat.",
	noEndpoint:
		'There is nothing at this address: check the base URL in the credential, and whether the server supports this operation.',
	region: 'The service is not offered here: use a proxy in the credential, or another service.',
	tooLarge: 'The request is too large: shorten the prompt, or send fewer images.',
	unknownHost: 'No server has this name: check the base URL and the proxy in the credential.',
	unknownModel: 'Choose another model from the list.',
	wrongKey: 'Check the API key, the session cookie and the headers in the credential.',
};

/** The same by what failed, where the reason is not known. */
const BY_KIND: Record<ProviderErrorKind, string> = {
	aborted: 'The execution was stopped.',
	blocked:
		'Solve the captcha in your browser and paste your own session cookie into the credential.',
	http: 'Try again later, or check the base URL in the credential.',
	limit: "Run these items again, or raise the limit in 'Limits and Cost'.",
	network: 'Check the base URL and the proxy in the credential, and that the service is running.',
	protocol: 'Check that the base URL in the credential belongs to this kind of service.',
	quota: 'Wait until the limit is renewed, or use your own session or account.',
	refused: 'Change the request or the option, then run the node again.',
	timeout: 'Try again later, or check the base URL and the proxy in the credential.',
	truncated: 'The connection closed too early: run the node again.',
};

const BY_STATUS: Record<number, string> = {
	403: 'Check that the API key or session cookie may do this.',
	407: 'Check user name and password in the proxy URL.',
	429: 'There are too many requests: wait a while, or send fewer at a time.',
	500: 'Change what the service names, or try again later.',
};

/**
 * The description of an error: what to do, then the service's message, then what identifies the failure.
 * The texts are expected to be fit to leave.
 */
export function errorDescription(error: ProviderError): string {
	const { status, code, explanation, serviceMessage, parameter, address } = error.details;
	const { failedGeneration, partialText } = error.details;
	const sentences = [
		explanation || adviceFor(error),
		serviceMessage ? sentence(`The service said: ${serviceMessage}`) : '',
		parameter ? `Field: ${parameter}.` : '',
		code === undefined || code === String(status) ? '' : `Code: ${code}.`,
		status === undefined ? '' : `Status: ${status}.`,
		address !== undefined && isAboutAddress(error) ? `Address: ${address}` : '',
		failedGeneration ? `The model wrote: ${failedGeneration}` : '',
		partialText ? `Text until then: ${partialText}` : '',
	];
	return sentences.filter((sentence) => sentence !== '').join(' ');
}

function sentence(text: string): string {
	return /[.!?…。]$/.test(text) ? text : `${text}.`;
}

/** Whether the address that was asked may be to blame. */
function isAboutAddress({ kind, details: { reason } }: ProviderError): boolean {
	return ['network', 'protocol', 'timeout'].includes(kind) || reason === 'noEndpoint';
}

/** What the user can do about it. */
export function adviceFor({ kind, details: { reason, status = 0 } }: ProviderError): string {
	if (kind === 'http' && status === 403 && reason === 'wrongKey') return BY_STATUS[403] ?? '';
	if (reason !== undefined) return BY_REASON[reason];
	return (kind === 'http' ? BY_STATUS[status] : undefined) ?? BY_KIND[kind];
}
