import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import { connectionOptions, headerRows, redactor, safeHeaders, text } from './credential.ts';

describe('the proxy', () => {
	test.each([
		['http://proxy.example:8080', { protocol: 'http:', host: 'proxy.example', port: 8080 }],
		['http://proxy.example', { protocol: 'http:', host: 'proxy.example', port: 80 }],
		['https://proxy.example', { protocol: 'https:', host: 'proxy.example', port: 443 }],
		['  http://proxy.example:8080/\n', { protocol: 'http:', host: 'proxy.example', port: 8080 }],
		[
			'http://user:pass@proxy.example:8080',
			{
				protocol: 'http:',
				host: 'proxy.example',
				port: 8080,
				auth: { username: 'user', password: 'pass' },
			},
		],
		[
			'http://us%40er:p%3Aa%2Fss@proxy.example:8080',
			{
				protocol: 'http:',
				host: 'proxy.example',
				port: 8080,
				auth: { username: 'us@er', password: 'p:a/ss' },
			},
		],
		[
			'http://user@proxy.example:8080',
			{
				protocol: 'http:',
				host: 'proxy.example',
				port: 8080,
				auth: { username: 'user', password: '' },
			},
		],
	])('%j is understood', (proxyUrl, proxy) => {
		expect(connectionOptions({ proxyUrl }).proxy).toEqual(proxy);
	});

	test('a password with a bare percent sign is taken as it is', () => {
		const { proxy } = connectionOptions({ proxyUrl: 'http://user:100%@proxy.example:8080' });
		expect(proxy?.auth).toEqual({ username: 'user', password: '100%' });
	});

	test.each([[''], ['  '], [undefined], [null]])('%j is no proxy', (proxyUrl) => {
		expect('proxy' in connectionOptions({ proxyUrl: proxyUrl as string })).toBe(false);
	});

	test.each(['proxy.example:8080', 'socks5://u:hunter22@proxy.example', 'http://', 'u:hunter22@a'])(
		'%j is refused without quoting it',
		async (proxyUrl) => {
			const error = await providerErrorOf(() => connectionOptions({ proxyUrl }));
			expect(error.kind).toBe('refused');
			expect(error.message).toContain('http:// or https://');
			expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain('hunter22');
		},
	);
});

describe('certificates', () => {
	test('are verified unless the user says otherwise', () => {
		expect(connectionOptions({})).toEqual({ skipSslCertificateValidation: false });
		expect(connectionOptions({ allowUnauthorizedCerts: false })).toEqual({
			skipSslCertificateValidation: false,
		});
	});

	test('are not verified when the user says so, in a boolean', () => {
		const verified = (allowUnauthorizedCerts: unknown) =>
			!connectionOptions({ allowUnauthorizedCerts: allowUnauthorizedCerts as boolean })
				.skipSslCertificateValidation;
		expect([true, 'true', 1].map(verified)).toEqual([false, true, true]);
	});
});

describe('header rows', () => {
	test('have lower-case names and no white space around them', () => {
		const headers = {
			values: [
				{ name: ' X-Team ', value: ' research ' },
				{ name: 'Authorization', value: 'Bearer a b' },
			],
		};
		expect(headerRows({ headers })).toEqual({ 'x-team': 'research', authorization: 'Bearer a b' });
	});

	test('without a name are left out, without a value are empty', () => {
		const headers = { values: [{ name: '', value: 'x' }, { name: '  ' }, { name: 'x-empty' }, {}] };
		expect(headerRows({ headers })).toEqual({ 'x-empty': '' });
	});

	test.each([[{}], [{ headers: {} }], [{ headers: { values: [] } }]])(
		'%j has none',
		(credential) => {
			expect(headerRows(credential)).toEqual({});
		},
	);
});

describe('safe headers', () => {
	test('are given back as they are', () => {
		const headers = { cookie: 'session=abc; b="c"', 'x-team': 'tab\there', 'x-name': 'é' };
		expect(safeHeaders(headers)).toBe(headers);
	});

	test.each(['a\r\nx-evil: 1', 'a\nb', 'a\rb', 'a\0b', 'a\x7fb', 'a\x1bb', 'a\x0bb', '€', '😀'])(
		'the value %j is refused, by the header’s name, unquoted',
		async (value) => {
			const error = await providerErrorOf(() => safeHeaders({ 'x-team': value }));
			expect(error.kind).toBe('refused');
			expect(error.message).toContain("'x-team'");
			expect(error.message).not.toContain(value);
		},
	);

	test.each(['', 'x team', 'x:team', 'x\r\nevil', 'x\0', 'é', 'X-Team', 'x(team)', 'x/team', 'x"'])(
		'the name %j is refused',
		async (name) => {
			const error = await providerErrorOf(() => safeHeaders({ [name]: 'value' }));
			expect(error.kind).toBe('refused');
		},
	);
});

test('text is a string without white space around it, anything else is empty', () => {
	expect(text(' a b \n')).toBe('a b');
	expect([undefined, null, 5, {}, ['a']].map(text)).toEqual(['', '', '', '', '']);
});

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
