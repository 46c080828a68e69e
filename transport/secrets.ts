import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';

import { cleanCookie, cleanKey, headerRows, percentDecoded, secretText, text } from './credential';

/** Shorter values would tear holes into ordinary words. */
const MIN_LENGTH = 4;
/** A value of letters only and no longer than this, such as `ollama`, is a word that says nothing. */
const MAX_WORD_LENGTH = 8;

/** A value that must not leave. */
export interface Secret {
	value: string;
	/** Whether it is found by its beginning. Not where that is the name of a cookie or a scheme. */
	partly: boolean;
}

/** The names of a credential's fields that hold secrets, for `secretsOf`. */
export function secretFieldNames(properties: readonly INodeProperties[]): string[] {
	return properties.flatMap(({ name, typeOptions }) => (typeOptions?.password ? [name] : []));
}

/**
 * The secrets of a credential.
 * @param secretFields the fields whose values are secret; header rows, the proxy URL and the identifiers of
 * the account are known here
 */
export function secretsOf(
	credential: ICredentialDataDecryptedObject,
	secretFields: readonly string[],
): Secret[] {
	const values = secretFields
		.filter((name) => name !== 'headers' && name !== 'proxyUrl')
		.map((name) => secretText(credential[name]));
	const identifiers = ['organization', 'project'].map((name) => secretText(credential[name]));
	const found = [
		...values.flatMap(fieldSecrets),
		...tokens(identifiers),
		...Object.entries(headerRows(credential)).flatMap(headerSecrets),
		...proxySecrets(text(credential['proxyUrl'])),
	];
	return found.filter(({ value }) => value.length >= MIN_LENGTH);
}

function fieldSecrets(value: string): Secret[] {
	return [...tokens([value, cleanKey(value)]), ...cookieSecrets(cleanCookie(value))];
}

/** Each value of a cookie header (RFC 6265, 4.2.1). */
function cookieSecrets(cookie: string): Secret[] {
	if (!cookie.includes('=')) return [];
	const values = cookie.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
	return [whole(cookie), ...values.flatMap((value) => [part(value), part(unquoted(value))])];
}

const SECRET_NAME = /auth|bearer|cookie|credential|jwt|key|pass|secret|session|sign|token/;
const SCHEME = /^(basic|bearer|digest|token|api-?key|key)\s+/i;

/** The values of a header row, unless its name and its look say that it is none. */
function headerSecrets([name, value]: readonly [string, string]): Secret[] {
	if (!SECRET_NAME.test(name) && !looksRandom(value)) return [];
	const token = value.replace(SCHEME, '');
	const basic = /^basic\s/i.test(value) ? Buffer.from(token, 'base64').toString('utf8') : '';
	return [
		...(token === value ? [] : [whole(value)]),
		...tokens([token]),
		...(name.includes('cookie') ? cookieSecrets(value) : []),
		...pairSecrets(basic),
	];
}

function looksRandom(value: string): boolean {
	const classes = [/[a-z]/, /[A-Z]/, /\d/].filter((some) => some.test(value));
	return /^[0-9a-f-]{24,}$/i.test(value) || (value.length >= 12 && classes.length === 3);
}

/** A user name and a password, as Basic authentication joins them (RFC 7617, 2). */
function pairSecrets(pair: string): Secret[] {
	const colon = pair.indexOf(':');
	if (colon < 0) return [];
	return [whole(pair), ...tokens([pair.slice(0, colon)]), part(pair.slice(colon + 1))];
}

function proxySecrets(url: string): Secret[] {
	// One that cannot be read may hold a password anywhere.
	if (!URL.canParse(url)) return [whole(url)];
	const { username, password } = new URL(url);
	if (username === '' && password === '') return [];
	const pair = `${percentDecoded(username)}:${percentDecoded(password)}`;
	return [whole(url), part(password), ...tokens([username]), ...pairSecrets(pair)];
}

function whole(value: string): Secret {
	return { value, partly: false };
}

function part(value: string): Secret {
	return { value, partly: true };
}

/** Values that a service or a user may have chosen as a plain word, such as `ollama`: these are left. */
function tokens(values: readonly string[]): Secret[] {
	const isWord = (value: string): boolean =>
		value.length <= MAX_WORD_LENGTH && /^\p{L}+$/u.test(value);
	return values.filter((value) => !isWord(value)).map(part);
}

function unquoted(value: string): string {
	return value.replace(/^"(.*)"$/s, '$1');
}
