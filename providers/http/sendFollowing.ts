import { ProviderError, toProviderError } from '../errors';
import type { Transport, TransportRequest, TransportResponse } from '../Transport';
import { leadsElsewhere, untrustedUrl, USER_AGENT } from './urls';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** A request for which it is not yet decided whether the user's credentials go along. */
export type Outgoing = Omit<TransportRequest, 'authenticated'>;

/**
 * Sends a request and follows redirects (RFC 9110, 15.4). The user's credentials go along as long as every
 * address so far had the origin of `serviceUrl`: another origin may not choose what is asked with them. A
 * prompt stays at the origin it was sent to.
 * @throws ProviderError also `refused` for a redirect to an unsafe link and for one that would take the
 * request's body to another origin, `protocol` for too many; reading the answer throws `truncated` when
 * it breaks off
 */
export async function sendFollowing(
	transport: Transport,
	serviceUrl: string,
	request: Outgoing,
): Promise<TransportResponse> {
	const { origin } = new URL(serviceUrl);
	let current = request;
	let authenticated = true;
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		authenticated &&= new URL(current.url).origin === origin;
		const headers = { ...current.headers, 'user-agent': USER_AGENT };
		const response = await transport.send({ ...current, headers, authenticated });
		const location = response.headers['location'];
		if (!REDIRECTS.has(response.status) || location === undefined)
			return attended({ url: current.url, ...response });
		response.close();
		current = redirected(current, response.status, untrustedUrl(location, current.url));
	}
	throw new ProviderError('protocol', `The service redirects more than ${MAX_REDIRECTS} times`);
}

/** Once an answer has begun, a lost connection means that it broke off, not that there is none. */
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

/** What a failure means once an answer has begun. */
export function brokenOff(cause: ProviderError): ProviderError {
	if (cause.kind !== 'network') return cause;
	const details = { ...cause.details, retryable: false };
	return new ProviderError('truncated', 'The answer broke off', details);
}

function redirected(request: Outgoing, status: number, url: URL): Outgoing {
	if (url.protocol === 'data:') {
		throw new ProviderError('refused', 'A redirect led to a data: URL');
	}
	const leaves = url.origin !== new URL(request.url).origin;
	if (request.method === 'GET' || status === 303) return asGet(request, url.href, leaves);
	// 301 and 302 may turn a POST into a GET, but no service answers that.
	if (!leaves) return { ...request, url: url.href };
	throw leadsElsewhere(request.url, url);
}

/** Headers of a body, and those that name the address before. */
const BODY_HEADERS = new Set(['content-type', 'idempotency-key']);
const ORIGIN_HEADERS = new Set(['origin', 'referer']);

function asGet({ headers, signal }: Outgoing, url: string, leaves: boolean): Outgoing {
	const kept = Object.entries(headers).filter(
		([name]) => !BODY_HEADERS.has(name) && !(leaves && ORIGIN_HEADERS.has(name)),
	);
	return { method: 'GET', url, headers: Object.fromEntries(kept), signal };
}
