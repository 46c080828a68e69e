import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { refusal } from '../providers/errors';

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
		...(proxy && { proxy }),
	};
}

/** The header rows of a credential, under lower-case names. */
export function headerRows(credential: ICredentialDataDecryptedObject): Record<string, string> {
	const { values } = (credential['headers'] ?? {}) as {
		values?: Array<{ name?: unknown; value?: unknown } | null>;
	};
	const rows = (values ?? []).map((row) => [text(row?.name).toLowerCase(), secretText(row?.value)]);
	return Object.fromEntries(rows.filter(([name]) => name !== '')) as Record<string, string>;
}

/** Headers that frame a message or name its target (RFC 9110, 7.2 and 8.6; RFC 9112, 6.1): HTTP sets them. */
const FRAMING = new Set([
	'connection',
	'content-length',
	'expect',
	'host',
	'keep-alive',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);

/**
 * Headers that can go on the wire as they are.
 * @throws ProviderError `refused` when a name or value could smuggle in a header of its own, and for headers
 * that only HTTP itself may set
 */
export function safeHeaders(headers: Record<string, string>): Record<string, string> {
	for (const [name, value] of Object.entries(headers)) {
		if (FRAMING.has(name)) {
			throw refusal(
				`The header '${name}' cannot be set in the credential`,
				'Remove the row from the credential.',
			);
		}
		if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
			throw refusal(
				'The credential contains an invalid header name',
				'Change its row: a name is one word, such as X-Team.',
			);
		}
		// eslint's no-control-regex forbids naming them in the pattern: everything but printable Latin-1 and tabs.
		if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
			throw refusal(
				`The header '${name}' contains a character that HTTP forbids`,
				'Enter its value in the credential again.',
			);
		}
	}
	return headers;
}

/** A credential's field as text without white space around it. */
export function text(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

/** The same for a field that holds a secret: what an expression gives may be a number. */
export function secretText(value: unknown): string {
	return typeof value === 'number' || typeof value === 'bigint' ? String(value) : text(value);
}

/** An API key without what is pasted along with it: quotes, the name of the header, and `Bearer`. */
export function cleanKey(pasted: string): string {
	return unquoted(pasted)
		.replace(/^authorization\s*:\s*/i, '')
		.replace(/^bearer\s+/i, '')
		.trim();
}

/** The value of a cookie header without the quotes and the header's name that are pasted along with it. */
export function cleanCookie(pasted: string): string {
	return unquoted(pasted)
		.replace(/^cookie\s*:\s*/i, '')
		.trim();
}

function unquoted(value: string): string {
	return /^(["'`])(.*)\1$/s.exec(value)?.[2]?.trim() ?? value;
}

function proxyOption(url: string): IHttpRequestOptions['proxy'] | undefined {
	if (url === '') return undefined;
	const proxy = URL.canParse(url) ? new URL(url) : undefined;
	if (proxy === undefined || !['http:', 'https:'].includes(proxy.protocol)) {
		// The URL is not quoted: it may hold a password.
		throw refusal(
			'The proxy URL must begin with http:// or https://',
			'Change it in the credential, e.g. http://user:password@proxy.example.com:8080, percent-encoded.',
		);
	}
	return {
		protocol: proxy.protocol,
		host: proxy.hostname,
		port: Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80)),
		...(proxy.username === '' ? {} : { auth: proxyAuthentication(proxy) }),
	};
}

/**
 * n8n puts both into a URL, where every character but the percent sign is encoded, and decodes that
 * again: a percent sign has to be encoded here.
 */
function proxyAuthentication(proxy: URL): { username: string; password: string } {
	return {
		username: percentDecoded(proxy.username).replaceAll('%', '%25'),
		password: percentDecoded(proxy.password).replaceAll('%', '%25'),
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
