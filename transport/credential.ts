import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { ProviderError } from '../providers/errors';

/** How to get to a service, as both credentials hold it. */
export type ConnectionOptions = Pick<IHttpRequestOptions, 'proxy' | 'skipSslCertificateValidation'>;

/**
 * Proxy and TLS settings of a credential, for n8n's HTTP helpers.
 * @throws ProviderError `refused` for a proxy URL that n8n would silently ignore
 */
export function connectionOptions(credential: ICredentialDataDecryptedObject): ConnectionOptions {
	const proxy = proxyOption(text(credential['proxyUrl']));
	return {
		skipSslCertificateValidation: credential['allowUnauthorizedCerts'] === true,
		...(proxy === undefined ? {} : { proxy }),
	};
}

/** The header rows of a credential, under lower-case names. */
export function headerRows(credential: ICredentialDataDecryptedObject): Record<string, string> {
	const { values } = (credential['headers'] ?? {}) as {
		values?: Array<{ name?: string; value?: string }>;
	};
	const rows = (values ?? []).filter(({ name }) => text(name) !== '');
	return Object.fromEntries(
		rows.map(({ name, value }) => [text(name).toLowerCase(), text(value)] as const),
	);
}

/**
 * Headers that can go on the wire as they are.
 * @throws ProviderError `refused` when a name or value could smuggle in a header of its own
 */
export function safeHeaders(headers: Record<string, string>): Record<string, string> {
	for (const [name, value] of Object.entries(headers)) {
		if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
			throw new ProviderError('refused', 'The credential holds an invalid header name');
		}
		// eslint's no-control-regex forbids naming them in the pattern: everything but printable Latin-1 and tabs.
		if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
			throw new ProviderError(
				'refused',
				`The header '${name}' holds a line break or a character that HTTP forbids`,
			);
		}
	}
	return headers;
}

/** A credential's field as text without white space around it. */
export function text(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

function proxyOption(url: string): IHttpRequestOptions['proxy'] | undefined {
	if (url === '') return undefined;
	const proxy = URL.canParse(url) ? new URL(url) : undefined;
	if (proxy === undefined || !['http:', 'https:'].includes(proxy.protocol)) {
		// The URL is not quoted: it may hold a password.
		throw new ProviderError('refused', 'The proxy URL must begin with http:// or https://');
	}
	return {
		protocol: proxy.protocol,
		host: proxy.hostname,
		port: Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80)),
		...(proxy.username === '' ? {} : { auth: proxyAuthentication(proxy) }),
	};
}

function proxyAuthentication(proxy: URL): { username: string; password: string } {
	return {
		username: percentDecoded(proxy.username),
		password: percentDecoded(proxy.password),
	};
}

/** Percent-encoded text decoded, or as it is where a bare percent sign shows that it was not encoded. */
export function percentDecoded(encoded: string): string {
	try {
		return decodeURIComponent(encoded);
	} catch {
		return encoded;
	}
}

/** What stands before the secret in an authorization header (RFC 9110, 11.4). */
const SCHEME = /^(basic|bearer|digest|token|api-?key|key)\s+/i;
/** Shorter ones would tear holes into ordinary words. */
const MIN_SECRET_LENGTH = 4;
const MAX_JSON_DEPTH = 3;

/** A function that takes a credential's secrets, in every spelling they travel in, out of a text. */
export function redactor(credential: ICredentialDataDecryptedObject): (words: string) => string {
	const spellings = [...new Set(secrets(credential).flatMap(spellingsOf))]
		.filter((secret) => secret.length >= MIN_SECRET_LENGTH)
		// Longest first, so that no part of a longer one is left standing.
		.sort((a, b) => b.length - a.length);
	return (words) => spellings.reduce((rest, secret) => rest.replaceAll(secret, '*****'), words);
}

function secrets(credential: ICredentialDataDecryptedObject): string[] {
	const cookie = text(credential['sessionCookieSecret']);
	const cookieValues = cookie.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
	const headerValues = Object.values(headerRows(credential));
	const tokens = headerValues.map((value) => value.replace(SCHEME, ''));
	const apiKey = text(credential['apiKey']);
	return [cookie, ...cookieValues, ...headerValues, ...tokens, apiKey, ...proxySecrets(credential)];
}

function proxySecrets(credential: ICredentialDataDecryptedObject): string[] {
	const url = text(credential['proxyUrl']);
	if (!URL.canParse(url)) return [url];
	const { username, password } = new URL(url);
	if (password === '') return [];
	const pair = `${percentDecoded(username)}:${percentDecoded(password)}`;
	return [url, password, percentDecoded(password), Buffer.from(pair).toString('base64')];
}

/** As it stands in a text, in JSON, in JSON within JSON (services quote what they were sent), and in URLs. */
function spellingsOf(secret: string): string[] {
	const written = [secret];
	for (let depth = 0; depth < MAX_JSON_DEPTH; depth++) {
		written.push(JSON.stringify(written.at(-1)).slice(1, -1));
	}
	return written.flatMap((spelling) => [spelling, encodeURIComponent(spelling)]);
}
