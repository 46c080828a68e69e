import { expect, test } from 'vitest';

import { AiChatsApi } from '../credentials/AiChatsApi.credentials.ts';
import { AiChatsOpenAiCompatibleApi } from '../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { redactor as redactorOf } from './redact.ts';
import { secretFieldNames } from './secrets.ts';

const FIELDS = ['sessionCookieSecret', 'apiKey', 'proxyUrl'];
const redactor = (credential: Parameters<typeof redactorOf>[0]) => redactorOf(credential, FIELDS);

test('without secrets words stay as they are', () => {
	expect(redactor({})('Wrong key')).toBe('Wrong key');
	expect(redactor({ sessionCookieSecret: ' ', proxyUrl: '', headers: {} })('a b')).toBe('a b');
});

test('the cookie is taken out, wherever and however often it stands', () => {
	const redact = redactor({ sessionCookieSecret: ' session=abc123 ' });
	expect(redact('<session=abc123> and session=abc123')).toBe('<*****> and *****');
});

test('each value of the cookie is taken out by itself', () => {
	const redact = redactor({ sessionCookieSecret: 'session=abc123; token=d=e=f; last=zyxw' });
	expect(redact('abc123, d=e=f, zyxw')).toBe('*****, *****, *****');
});

test('header values are taken out, whole and by their words', () => {
	const headers = { values: [{ name: 'Authorization', value: 'Bearer tok-12345' }] };
	const redact = redactor({ headers });
	expect(redact('(Bearer tok-12345)')).toBe('(*****)');
	expect(redact('key tok-12345 is wrong')).toBe('key ***** is wrong');
});

test('the name of a scheme is no secret', () => {
	const headers = { values: [{ name: 'Authorization', value: 'Bearer tok-12345' }] };
	expect(redactor({ headers })('Bearer authentication failed')).toBe(
		'Bearer authentication failed',
	);
});

test('an API key is taken out', () => {
	expect(redactor({ apiKey: ' sk-12345 ' })('Incorrect API key: sk-12345.')).toBe(
		'Incorrect API key: *****.',
	);
});

test('a secret is taken out in the spellings of URLs and JSON too', () => {
	const redact = redactor({ sessionCookieSecret: 'session="a/b+c\\d"' });
	expect(redact(encodeURIComponent('"a/b+c\\d"'))).toBe('*****');
	expect(redact(JSON.stringify({ seen: '"a/b+c\\d"' }))).toBe('{"seen":"*****"}');
});

test('the proxy’s password is taken out in every spelling', () => {
	const redact = redactor({ proxyUrl: 'http://user:p%40ss%3Aword@proxy.example:8080' });
	const basic = Buffer.from('user:p@ss:word').toString('base64');
	expect(redact('http://user:p%40ss%3Aword@proxy.example:8080')).toBe('*****');
	expect(redact('p%40ss%3Aword')).toBe('*****');
	expect(redact('p@ss:word')).toBe('*****');
	expect(redact(`Proxy-Authorization: Basic ${basic}`)).toBe('Proxy-Authorization: Basic *****');
});

test('a proxy without a password is no secret', () => {
	const redact = redactor({ proxyUrl: 'http://proxy.example:8080' });
	expect(redact('http://proxy.example:8080 refused')).toBe('http://proxy.example:8080 refused');
});

test('a proxy that is no URL may hold a password, so it is taken out whole', () => {
	expect(redactor({ proxyUrl: 'http://u:hunter22@[a' })('bad: http://u:hunter22@[a')).toBe(
		'bad: *****',
	);
});

test('a proxy password with a bare percent sign is taken out', () => {
	const redact = redactor({ proxyUrl: 'http://user:hunter100%@proxy.example:8080' });
	expect(redact('wrong: hunter100%')).toBe('wrong: *****');
});

test('short values would tear holes into words: they stay', () => {
	const redact = redactor({ sessionCookieSecret: 'a=abc; b=1', apiKey: 'key' });
	expect(redact('abc key 1')).toBe('abc key 1');
});

test('longer secrets go first, so that nothing of them is left', () => {
	const redact = redactor({ sessionCookieSecret: 'a=secret; b=secretive; c=verysecretive' });
	expect(redact('verysecretive secretive secret')).toBe('***** ***** *****');
});

test('characters with a meaning in patterns are plain characters', () => {
	const redact = redactor({ apiKey: '.*+?$&(){}' });
	expect(redact('plain words .*+?$&(){}')).toBe('plain words *****');
});

const KEY = 'sk-proj-Ab3/dE5+fG7hIj9kLm1nOp2';
const bytes = Buffer.from(KEY);
const each = (spell: (code: number) => string) =>
	Array.from(KEY, (character) => spell(character.charCodeAt(0))).join('');

test.each([
	['JSON with \\u', each((code) => `\\u${code.toString(16).padStart(4, '0')}`)],
	[
		'JSON with \\U in capitals',
		each((code) => `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`),
	],
	['JSON within JSON', each((code) => `\\\\u${code.toString(16).padStart(4, '0')}`)],
	['JSON as PHP writes it', KEY.replaceAll('/', '\\/')],
	['a URL', encodeURIComponent(KEY)],
	['a URL in lower case', encodeURIComponent(KEY).replace(/%../g, (code) => code.toLowerCase())],
	['a URL, every character', each((code) => `%${code.toString(16)}`)],
	['a URL, encoded twice', encodeURIComponent(encodeURIComponent(KEY))],
	['decimal references of HTML', each((code) => `&#${code};`)],
	['hexadecimal references of HTML', each((code) => `&#x${code.toString(16)};`)],
	['base64', bytes.toString('base64')],
	['base64url', bytes.toString('base64url')],
	['a percent-encoded base64', encodeURIComponent(bytes.toString('base64'))],
	['hex', bytes.toString('hex')],
	['hex in capitals', bytes.toString('hex').toUpperCase()],
	['a text with invisible characters', `${KEY.slice(0, 10)}\u200b${KEY.slice(10)}`],
	['a page that may break it', `${KEY.slice(0, 12)}<wbr>${KEY.slice(12)}`],
	['words around it', KEY],
	['a text in capitals', KEY.toUpperCase()],
	['a URL in small letters', encodeURIComponent(KEY).toLowerCase()],
])('a key is taken out of %s', (_, spelling) => {
	expect(redactor({ apiKey: KEY })(`no ${spelling} here`)).toBe('no ***** here');
});

test.each(['Bearer ', 'user:', 'x', 'xy', ''])(
	'base64 of a key behind %j does not show it',
	(front) => {
		const encoded = Buffer.from(`${front}${KEY}, and more`).toString('base64');
		const redacted = redactor({ apiKey: KEY })(encoded);
		expect(redacted).toContain('*****');
		for (let start = 0; start < redacted.length; start++) {
			for (const offset of [0, 1, 2, 3]) {
				const decoded = Buffer.from('A'.repeat(offset) + redacted.slice(start), 'base64').toString(
					'latin1',
				);
				expect(decoded).not.toContain(KEY.slice(0, 5));
			}
		}
	},
);

test('all that is not a secret stays as it is, escapes included', () => {
	const text = '{"a":"\\u00e9 \\/ %2f &amp; \\\\"} \u200b 100%';
	const redact = redactor({ apiKey: KEY });
	expect(redact(text)).toBe(text);
	expect(redact(`${text}${KEY}${text}`)).toBe(`${text}*****${text}`);
});

test('a key is found by its first half, and at the end of a text by less', () => {
	const redact = redactor({ apiKey: KEY });
	expect(redact(`Wrong: ${KEY.slice(0, 20)}... Try again`)).toBe('Wrong: *****... Try again');
	expect(redact(`Wrong: ${KEY.slice(0, -1)}`)).toBe('Wrong: *****');
	expect(redact(`Wrong: ${KEY.slice(0, 10)}`)).toBe('Wrong: *****');
	expect(redact('Keys begin with sk-proj, not so yours')).toBe(
		'Keys begin with sk-proj, not so yours',
	);
});

test('a key pasted with "Bearer " or in quotes is taken out without them', () => {
	for (const apiKey of [`Bearer ${KEY}`, `"${KEY}"`, `'Bearer ${KEY}'`]) {
		expect(redactor({ apiKey })(`Bearer ${KEY} is wrong`)).toMatch(/^(Bearer )?\*{5} is wrong$/);
	}
});

test.each(['ollama', 'test', 'EMPTY', 'none'])(
	'the key %j is a plain word, and no secret',
	(apiKey) => {
		const text = `${apiKey} error: ${apiKey} is not running`;
		expect(redactor({ apiKey })(text)).toBe(text);
	},
);

test('a short secret is taken out as a whole word only', () => {
	const redact = redactor({ sessionCookieSecret: 'session=art1; b=dark' });
	expect(redact('art1, dark; start1 darkness art10')).toBe('*****, *****; start1 darkness art10');
});

test('a header value is secret when its name says so, or when it looks random', () => {
	const headers = {
		values: [
			{ name: 'x-portkey-provider', value: 'openai' },
			{ name: 'anthropic-version', value: '2023-06-01' },
			{ name: 'x-api-key', value: 'key-9876' },
			{ name: 'X-Team', value: 'Kd03-Vb62-xYz' },
			{ name: 'Cookie', value: 'a=first-part; b=second-part' },
		],
	};
	const redact = redactor({ headers });
	const plain = 'openai error: version 2023-06-01';
	expect(redact(plain)).toBe(plain);
	expect(redact('key-9876 Kd03-Vb62-xYz first-part second-part')).toBe('***** ***** ***** *****');
});

test('the password within a Basic header is taken out, decoded', () => {
	const value = `Basic ${Buffer.from('alice-77:hunter2-Passw0rd').toString('base64')}`;
	const redact = redactor({ headers: { values: [{ name: 'Authorization', value }] } });
	expect(redact('alice-77 with hunter2-Passw0rd is unknown')).toBe('***** with ***** is unknown');
	expect(redact(`got ${value}`)).toBe('got *****');
});

test('a token that a proxy wants as user name is taken out', () => {
	const redact = redactor({ proxyUrl: 'http://tok-998877@proxy.example:8080' });
	expect(redact('unknown user tok-998877')).toBe('unknown user *****');
	const basic = Buffer.from('tok-998877:').toString('base64');
	expect(redact(`Basic ${basic}`)).toMatch(/^Basic \*{5}.{0,3}$/);
});

test('the identifiers of the account are taken out', () => {
	const redact = redactor({ organization: 'org-Secret123456', project: 'proj_55667788' });
	expect(redact('org-Secret123456 and proj_55667788 do not match')).toBe(
		'***** and ***** do not match',
	);
});

test('a numeric key is taken out', () => {
	expect(redactor({ apiKey: 12345678 })('key 12345678')).toBe('key *****');
});

test('secrets side by side leave nothing in between', () => {
	const redact = redactor({ sessionCookieSecret: 'a=first-part; b=second-part' });
	expect(redact('first-partsecond-part')).toBe('*****');
});

test('hundreds of thousands of secrets in one text are taken out', () => {
	const redact = redactor({ apiKey: KEY });
	expect(redact(`${KEY} `.repeat(300_000))).toBe('***** '.repeat(300_000));
});

test('ten megabytes made of the beginnings of a secret take no more than seconds', () => {
	const redact = redactor({ apiKey: KEY });
	const text = `${KEY.slice(0, 14)}\\u0073`.repeat(500_000);
	const start = performance.now();
	expect(redact(text)).toHaveLength(text.length);
	expect(performance.now() - start).toBeLessThan(10_000);
});

test('the secret fields of a credential are those that the editor hides', () => {
	expect(secretFieldNames(new AiChatsApi().properties)).toEqual([
		'sessionCookieSecret',
		'proxyUrl',
	]);
	expect(secretFieldNames(new AiChatsOpenAiCompatibleApi().properties)).toEqual([
		'apiKey',
		'proxyUrl',
	]);
});
