import { ProviderError } from '../errors';

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
		throw new ProviderError('refused', 'The base URL must not hold a user name or password');
	}
	return url.origin + url.pathname.replace(/\/+$/, '');
}

function parse(text: string): URL {
	const scheme = LOCAL.test(text) ? 'http://' : 'https://';
	const complete = SCHEME.test(text) ? text : scheme + text;
	const url = URL.canParse(complete) ? new URL(complete) : undefined;
	if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url;
	throw new ProviderError('refused', 'The base URL is not an http(s) URL');
}
