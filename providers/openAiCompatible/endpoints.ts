import { baseUrl } from '../http/baseUrl';

/** What people paste instead of a base URL. */
const ENDPOINT =
	/\/(chat\/completions|completions|responses|embeddings|models|images\/(generations|edits|variations))$/;
const VERSION = /\/v\d[^/]*(\/|$)/;

/**
 * The base of a server's endpoints, from any spelling: with or without `/v1`, with a trailing slash,
 * or a whole endpoint. `/v1` is added unless the path names a version or an endpoint stood there.
 * @throws ProviderError `refused` for anything but an http(s) URL
 */
export function apiBase(written: string): string {
	const url = baseUrl(written);
	const base = url.replace(ENDPOINT, '').replace(/\/+$/, '');
	if (base !== url) return base;
	return VERSION.test(new URL(url).pathname) ? url : `${url}/v1`;
}
