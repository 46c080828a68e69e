/** Secrets that occur nowhere else, one for each place where a credential keeps some. */
export const SECRETS = {
	cookieValue: 'ckv-7Jq2ZpXw91',
	secondCookieValue: 'ckv-Uu84/Tt+55=',
	headerValue: 'hdr-Kd03"Vb\\62',
	bearerHeader: 'brr-Mn57Qe44xz',
	apiKey: 'sk-Zr88Lp13Wd70',
	proxyPassword: 'prx-Yh29@Gf:45',
};

const COOKIE = `session=${SECRETS.cookieValue}; theme=${SECRETS.secondCookieValue}`;

/** A credential with a secret in every place that takes one. */
export function credentialAt(baseUrl: string, proxy: string) {
	const { host } = new URL(proxy);
	return {
		baseUrl,
		sessionCookieSecret: COOKIE,
		apiKey: SECRETS.apiKey,
		headers: {
			values: [
				{ name: 'X-Team', value: SECRETS.headerValue },
				{ name: 'X-Token', value: `Bearer ${SECRETS.bearerHeader}` },
			],
		},
		proxyUrl: `http://user:${encodeURIComponent(SECRETS.proxyPassword)}@${host}`,
	};
}

/** Enough of a secret to be told from other text: a secret that is cut short is one still. */
const TELLING = 8;

/** The secrets that a text holds, or the beginning of, in whichever spelling. */
export function secretsIn(text: string): string[] {
	return Object.entries(SECRETS)
		.filter(([, secret]) =>
			spellings(secret).some((spelling) => text.includes(spelling.slice(0, TELLING))),
		)
		.map(([name]) => name);
}

/** All begin alike in JSON and in URLs, however deep, but for the characters that are escaped there. */
function spellings(secret: string): string[] {
	return [
		secret,
		encodeURIComponent(secret),
		Buffer.from(secret).toString('base64'),
		Buffer.from(`user:${secret}`).toString('base64').slice('dXNlcjp'.length),
	];
}
