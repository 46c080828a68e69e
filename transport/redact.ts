import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { headerRows, percentDecoded, text } from './connection';

/** What stands before the secret in an authorization header (RFC 9110, 11.4). */
const SCHEME = /^(basic|bearer|digest|token|api-?key|key)\s+/i;
/** Shorter ones would tear holes into ordinary words. */
const SHORTEST_SECRET = 4;
const DEEPEST_JSON = 3;

/** A function that takes a credential's secrets, in every spelling they travel in, out of a text. */
export function redactor(credential: ICredentialDataDecryptedObject): (words: string) => string {
	const spellings = [...new Set(secrets(credential).flatMap(spellingsOf))]
		.filter((secret) => secret.length >= SHORTEST_SECRET)
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
	for (let depth = 0; depth < DEEPEST_JSON; depth++) {
		written.push(JSON.stringify(written.at(-1)).slice(1, -1));
	}
	return written.flatMap((spelling) => [spelling, encodeURIComponent(spelling)]);
}
