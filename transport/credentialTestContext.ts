import type {
	ICredentialDataDecryptedObject,
	ICredentialTestFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { withoutUndefined } from '../providers/decode/json';
import { abortError } from './networkError';
import type { RequestContext } from './N8nTransport';
import { unlessAborted } from './signals';

/** Adds to a request what a credential says of the user. @throws ProviderError for an unusable credential */
export type Authenticate = (
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

/**
 * A context for N8nTransport where n8n tests a credential. There n8n offers only its older helper, which
 * knows neither credentials nor signals, but keeps to n8n's proxy settings and its SSRF guard too.
 */
export function credentialTestContext(
	{ helpers }: ICredentialTestFunctions,
	credential: ICredentialDataDecryptedObject,
	authenticate: Authenticate,
): RequestContext {
	const httpRequest = async (options: IHttpRequestOptions): Promise<unknown> =>
		await endedBy(options.abortSignal as AbortSignal, helpers.request(olderOptions(options)));
	const httpRequestWithAuthentication = async (
		_type: string,
		options: IHttpRequestOptions,
	): Promise<unknown> => await httpRequest(await authenticate(credential, options));
	return { helpers: { httpRequest, httpRequestWithAuthentication } } as unknown as RequestContext;
}

function olderOptions(options: IHttpRequestOptions): object {
	const { method, url, headers, body, proxy, skipSslCertificateValidation } = options;
	return withoutUndefined({
		method,
		url,
		headers,
		body,
		proxy,
		rejectUnauthorized: skipSslCertificateValidation !== true,
		followRedirect: false,
		resolveWithFullResponse: true,
		simple: false,
		useStream: true,
	});
}

/** An answer that ends with the signal, before its head and after it. */
async function endedBy(
	signal: AbortSignal,
	sent: Promise<{ body: { destroy(error: Error): void } }>,
): Promise<unknown> {
	// The request itself cannot be ended, but whatever comes of it later is.
	void sent.then(
		({ body }) => {
			const destroy = () => body.destroy(abortError(signal));
			if (signal.aborted) destroy();
			else signal.addEventListener('abort', destroy);
		},
		() => undefined,
	);
	return await unlessAborted(sent, signal);
}
