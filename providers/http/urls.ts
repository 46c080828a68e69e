import { type ProviderError, refusal } from '../errors';
import { isMetadataHost } from './metadataHost';

/** Identifies this client to services. */
export const USER_AGENT =
	'n8n-nodes-aichats (+https://github.com/n8n-nodes-aichats/n8n-nodes-aichats)';

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const LOCAL = /^(localhost|\[[0-9a-f:.]+\]|\d+\.\d+\.\d+\.\d+)(:|\/|$)/i;

/**
 * A base URL as the user wrote it, without white space, query and trailing slashes. Where the scheme
 * is missing it is https, on this machine and for bare IP addresses http.
 * @throws ProviderError `refused` for anything but an http(s) URL
 */
export function baseUrl(written: string): string {
	const url = parse(written.trim());
	if (url.username !== '' || url.password !== '') {
		throw refusal(
			'The base URL must not contain a user name or password',
			'Put them into the fields of the credential.',
		);
	}
	return url.origin + url.pathname.replace(/\/+$/, '');
}

function parse(text: string): URL {
	const scheme = LOCAL.test(text) ? 'http://' : 'https://';
	const complete = SCHEME.test(text) ? text : scheme + text;
	const url = URL.canParse(complete) ? new URL(complete) : undefined;
	if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url;
	throw refusal(
		'The base URL is not an http(s) URL',
		'Change it in the credential, e.g. https://api.example.com/v1.',
	);
}

/** An address for a message, without its query, which may hold a key. */
export function addressOf(url: string): string {
	const { origin, pathname } = new URL(url);
	return origin + pathname;
}

/** The error for a redirect that is not followed. @param to where it leads, if it says */
export function leadsElsewhere(from: string, to: URL | undefined): ProviderError {
	const target = to === undefined ? 'nowhere' : addressOf(to.href);
	const error = refusal(
		'The service redirects to another server',
		`${addressOf(from)} redirects to ${target}. If you trust it, enter it as the base URL.`,
	);
	return error.with({ reason: 'noEndpoint' });
}

/**
 * A link out of an answer, made absolute. Such links are untrusted: only `http:`, `https:` and
 * `data:` are followed, and a user name or password inside one is refused, and so is a host that is link-local or a metadata service.
 * Private addresses are n8n's SSRF guard's matter: a local service has every right to them.
 * @throws ProviderError `refused`
 */
export function untrustedUrl(link: string, base: string): URL {
	const url = URL.canParse(link, base) ? new URL(link, base) : undefined;
	if (url === undefined) throw unsafe('is not a URL', link);
	if (!['http:', 'https:', 'data:'].includes(url.protocol)) throw unsafe('is not http(s)', link);
	if (url.username !== '' || url.password !== '') throw unsafe('holds a password', url.origin);
	if (isMetadataHost(url.hostname))
		throw unsafe('leads to a link-local address or a metadata service', link);
	return url;
}

function unsafe(reason: string, link: string): ProviderError {
	return refusal(`The service sent a link that ${reason}`, `The link: ${link}`);
}
