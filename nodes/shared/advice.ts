import type { FailureReason, ProviderError, ProviderErrorKind } from '../../providers/errors';

/** What the user can do about a failure, by its reason. */
const BY_REASON: Record<FailureReason, string> = {
	certificate:
		"If you trust this server although its certificate is self-signed, turn on 'Ignore SSL Issues' in the credential.",
	contextTooLong:
		"The conversation is longer than the model can read. Shorten the prompt or the history, lower 'Max Tokens', or choose a model with a larger context.",
	input: 'The service does not take this request. Change the field or option that it names.',
	moderation:
		"The service's content rules do not allow this request. Change the prompt or the images.",
	noCredit:
		'The account has no credit left. Top it up or raise its limit at the service, or use the credential of another account. Trying again does not help before that.',
	noImage: "Choose a model that generates images, or set 'Operation' to Chat.",
	noEndpoint:
		'The server offers nothing at this address. Check the base URL in the credential, and whether the server supports this operation.',
	region:
		'The service is not offered where this request comes from. Use a proxy in a supported region (see the credential), or another service.',
	tooLarge:
		'The request is too large for the service. Send a shorter prompt, or fewer or smaller images.',
	unknownHost:
		'No server has this name. Check the spelling of the base URL and the proxy in the credential.',
	unknownModel: 'Choose another model: the list shows those that the service has.',
	wrongKey: 'Check the API key, the session cookie and the headers in the credential.',
};

/** The same by what failed, where the reason is not known. */
const BY_KIND: Record<ProviderErrorKind, string> = {
	aborted: 'The execution was stopped before the answer was complete.',
	blocked:
		'The service wants to see a person first. Open its site in your browser, solve the captcha and paste your own session cookie into the credential, or set a base URL whose service lets programs in.',
	http: 'Try again later. If it keeps failing, check what the service says and the base URL in the credential.',
	limit: "Run the items that were not sent again, or raise the limit in 'Limits and Cost'.",
	network: 'Check the base URL and the proxy in the credential, and that the service is running.',
	protocol:
		'The server answered, but not as this provider does. Check that the base URL in the credential belongs to this kind of service.',
	quota:
		'Wait until the limit is renewed, or use a session or an account of your own in the credential.',
	refused: 'Change the request or the option that this is about, then run the node again.',
	timeout:
		'The service may be slow or overloaded. Try again later, check the base URL and the proxy in the credential, or raise the time limit in the options.',
	truncated:
		'The connection closed too early, so the answer is incomplete and was not returned as if it were complete. Try again.',
};

const BY_STATUS: Record<number, string> = {
	403: 'Check that the session cookie or API key in the credential is valid and allowed to do this.',
	407: 'The proxy does not let you in. Check the user name and password in the proxy URL of the credential.',
	429: 'The service gets too many requests from you. Wait a while, or send fewer at a time.',
	500: 'The service failed. If it names something in the request, change that; otherwise try again later.',
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
