import type { ProviderError } from '../errors';
import { baseUrl } from '../http/urls';

/** What people paste instead of a base URL: the endpoints of OpenAI's API, and those of Ollama's own. */
const ENDPOINT =
	/\/(chat\/completions|completions|responses|messages|embeddings|models|images\/(generations|edits|variations))$/;
const OLLAMA_ENDPOINT = /^(\/api)\/(chat|generate|tags|embed|embeddings|show)$/;
const OLLAMA_PORT = '11434';
const VERSION = /\/v\d[^/]*(\/|$)/;

/** Servers whose endpoints stand under no version. */
const WITHOUT_VERSION = [
	// Azure's classic deployments
	/\/openai\/deployments\/[^/]+$/,
	// Databricks
	/\/serving-endpoints$/,
	/^https:\/\/api\.perplexity\.ai$/,
	// GitHub Models
	/^https:\/\/models\.(github\.ai\/inference|github\.ai\/orgs\/[^/]+\/inference|inference\.ai\.azure\.com)$/,
];
const AZURE_HOST = /\.azure\.com$/;
const AZURE_RESOURCE =
	/^(https:\/\/[^/]+\.(openai|cognitiveservices|services\.ai)\.azure\.com)(\/openai)?$/;

/** Where a server's endpoints are. */
export interface ApiAddress {
	/** What stands before an endpoint's path, without a trailing slash. */
	readonly base: string;
	/** The query that every request carries, with its question mark; empty where there is none. */
	readonly query: string;
	/** Whether `/v1` was added although the user did not write it. */
	readonly isVersionGuessed: boolean;
}

/**
 * Reads any spelling of a server's address: with or without `/v1`, with a trailing slash, a query, or a
 * whole endpoint. `/v1` is added unless the path names a version, an endpoint stood there, or the server is
 * known to have none.
 * @throws ProviderError `refused` for anything but an http(s) URL
 */
export function readAddress(written: string): ApiAddress {
	const url = baseUrl(written);
	const query = /\?.+/.exec(written.trim().replace(/#.*/, ''))?.[0] ?? '';
	const address = (base: string, isVersionGuessed = false): ApiAddress => ({
		base,
		query,
		isVersionGuessed,
	});
	const { origin, pathname, port } = new URL(url);
	const isOllama = OLLAMA_ENDPOINT.test(pathname) || (port === OLLAMA_PORT && pathname === '/api');
	if (isOllama) return address(`${origin}/v1`);
	// There the endpoints stand under /models.
	const isAzure = AZURE_HOST.test(origin) || /[?&]api-version=/i.test(query);
	if (isAzure && pathname.endsWith('/models')) return address(url);
	const resource = AZURE_RESOURCE.exec(url)?.[1];
	if (resource !== undefined) return address(`${resource}/openai/v1`);
	const base = url.replace(ENDPOINT, '').replace(/\/+$/, '');
	if (base !== url || VERSION.test(pathname)) return address(base);
	if (WITHOUT_VERSION.some((pattern) => pattern.test(base))) return address(base);
	return address(`${base}/v1`, true);
}

/**
 * The base of a server's endpoints, without its query.
 * @throws ProviderError `refused` for anything but an http(s) URL
 */
export function apiBase(written: string): string {
	return readAddress(written).base;
}

/**
 * The URL of an endpoint, from any spelling of the server's address.
 * @param path e.g. `/chat/completions`
 * @throws ProviderError `refused` for anything but an http(s) URL
 */
export function endpointUrl(written: string, path: string): string {
	const { base, query } = readAddress(written);
	return base + path + query;
}

/** The same URL where `/v1` was only guessed, without it. */
export function withoutVersion({ base }: ApiAddress, url: string): string {
	return url.startsWith(`${base}/`) ? base.replace(/\/v1$/, '') + url.slice(base.length) : url;
}

/** Statuses of an address where there is no endpoint. */
const NO_ENDPOINT = new Set([404, 405]);
/** What servers say of a path that they do not know; of a model that they do not know they say more. */
const NO_ROUTE =
	/^(not found|method not allowed|file not found|404.*|page not found|invalid (url|path).*|unknown (url|path|endpoint|request url).*|no route.*|cannot post.*|resource not found|the requested (url|resource).*)$/i;

/**
 * Whether a failure says that the address has no such endpoint, not that a model is missing.
 * @param contentType of the answer: an API reports its own errors as JSON
 */
export function isMissingEndpoint({ kind, details }: ProviderError, contentType = ''): boolean {
	if (kind !== 'http' || !NO_ENDPOINT.has(details.status ?? 0)) return false;
	const { serviceMessage = '', code = '', parameter } = details;
	if (parameter !== undefined || /model/i.test(code)) return false;
	const text = serviceMessage.trim().replace(/[.!]+$/, '');
	return text === '' || !/json/i.test(contentType) || NO_ROUTE.test(text);
}
