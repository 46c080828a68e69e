/** Secrets that occur nowhere else, one for each place where a credential keeps some. */
export const SECRETS = {
	cookieValue: 'ckv-7Jq2ZpXw91',
	secondCookieValue: 'ckv-Uu84/Tt+55=',
	headerValue: 'hdr-Kd03"Vb\\62',
	bearerHeader: 'brr-Mn57Qe44xz',
	apiKey: 'sk-Zr88Lp13Wd70',
	proxyPassword: 'prx-Yh29@Gf:45',
	basicPassword: 'bsc-Tr51/Hk+66',
	organization: 'org-Ws92LmQp37',
};

const basicPair = Buffer.from(`alice:${SECRETS.basicPassword}`).toString('base64');
const COOKIE = `session=${SECRETS.cookieValue}; theme=${SECRETS.secondCookieValue}`;

/** A credential with a secret in every place that takes one. */
export function credentialAt(baseUrl: string, proxy: string) {
	const { host } = new URL(proxy);
	return {
		baseUrl,
		sessionCookieSecret: COOKIE,
		apiKey: SECRETS.apiKey,
		organization: SECRETS.organization,
		headers: {
			values: [
				{ name: 'X-Team', value: SECRETS.headerValue },
				{ name: 'X-Token', value: `Bearer ${SECRETS.bearerHeader}` },
				{ name: 'X-Auth', value: `Basic ${basicPair}` },
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
		.filter(([, secret]) => {
			const lower = text.toLowerCase();
			const found = (spelling: string) => lower.includes(spelling.toLowerCase());
			return spellings(secret).some(found);
		})
		.map(([name]) => name);
}

/** The beginnings of all spellings: in every case, as services quote what they were sent. */
function spellings(secret: string): string[] {
	const escaped = (spell: (code: string) => string): string =>
		Array.from(secret.slice(0, TELLING), (letter) =>
			spell(letter.charCodeAt(0).toString(16).padStart(4, '0')),
		).join('');
	const behind = (front: string): string =>
		Buffer.from(front + secret)
			.toString('base64')
			.slice(Math.ceil((front.length * 4) / 3));
	const beginnings = [
		secret,
		encodeURIComponent(secret),
		Buffer.from(secret).toString('hex'),
		behind(''),
		behind('user:'),
		behind('Bearer '),
		behind('alice:'),
	].map((spelling) => spelling.slice(0, TELLING));
	return [
		...beginnings,
		escaped((code) => `\\u${code}`),
		escaped((code) => `%${code.slice(2)}`),
		escaped((code) => `&#x${code.slice(2)};`),
	];
}
