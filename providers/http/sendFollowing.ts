import { ProviderError, toProviderError } from '../errors';
import type { Transport, TransportRequest, TransportResponse } from '../Transport';
import { untrustedUrl } from './urls';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** A request before it is known whose server it goes to. */
export type Outgoing = Omit<TransportRequest, 'authenticated'>;

/**
 * Sends a request and follows redirects (RFC 9110, 15.4). The user's credentials go along only where
 * the origin is that of `serviceUrl`, at every hop.
 * @throws ProviderError also `refused` for a redirect to an unsafe link, `protocol` for too many; reading
 * the answer throws `truncated` when it breaks off
 */
export async function sendFollowing(
	transport: Transport,
	serviceUrl: string,
	request: Outgoing,
): Promise<TransportResponse> {
	const { origin } = new URL(serviceUrl);
	let current = request;
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		const authenticated = new URL(current.url).origin === origin;
		const response = await transport.send({ ...current, authenticated });
		const location = response.headers['location'];
		if (!REDIRECTS.has(response.status) || location === undefined) return attended(response);
		response.close();
		const url = untrustedUrl(location, current.url).href;
		current = redirected(current, response.status, url);
	}
	throw new ProviderError('protocol', `The service redirects more than ${MAX_REDIRECTS} times`);
}

/** Where an answer had begun, a lost connection means that it broke off, not that there is none. */
function attended(response: TransportResponse): TransportResponse {
	return { ...response, body: untilBroken(response.body) };
}

async function* untilBroken(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	try {
		yield* body;
	} catch (error) {
		throw brokenOff(toProviderError(error));
	}
}

function brokenOff(cause: ProviderError): ProviderError {
	if (cause.kind !== 'network') return cause;
	const details = { ...cause.details, retryable: false };
	return new ProviderError('truncated', 'The answer broke off', details);
}

function redirected(request: Outgoing, status: number, url: string): Outgoing {
	if (url.startsWith('data:')) throw new ProviderError('refused', 'A redirect led to a data: URL');
	const keepsMethod = status === 307 || status === 308 || request.method === 'GET';
	if (keepsMethod) return { ...request, url };
	const headers = Object.entries(request.headers).filter(([name]) => name !== 'content-type');
	const { signal } = request;
	return { method: 'GET', url, headers: Object.fromEntries(headers), signal };
}
