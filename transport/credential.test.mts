import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import {
	cleanCookie,
	cleanKey,
	connectionOptions,
	headerRows,
	safeHeaders,
	secretText,
	text,
} from './credential.ts';

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

	// n8n decodes both once more.
	test.each([
		['100%', '100%25'],
		['with%25percent', 'with%25percent'],
		['with%2541x', 'with%2541x'],
		['a%zz', 'a%25zz'],
	])('the percent sign of the password %j is encoded for n8n', (written, password) => {
		const { proxy } = connectionOptions({ proxyUrl: `http://us%25er:${written}@proxy.example` });
		expect(proxy?.auth).toEqual({ username: 'us%25er', password });
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

	test.each([
		[{}],
		[{ headers: {} }],
		[{ headers: { values: [] } }],
		[{ headers: { values: [null] } } as never],
	])('%j has none', (credential) => {
		expect(headerRows(credential)).toEqual({});
	});
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

	test.each(['content-length', 'transfer-encoding', 'host', 'connection'])(
		'%s is left to HTTP',
		async (name) => {
			const error = await providerErrorOf(() => safeHeaders({ [name]: '999999' }));
			expect(error.kind).toBe('refused');
			expect(error.message).toContain(name);
			expect(error.details.explanation).toContain('credential');
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

test('a secret may be a number', () => {
	expect([' a ', 12345678, 5n].map(secretText)).toEqual(['a', '12345678', '5']);
	expect([undefined, null, true, {}, ['a']].map(secretText)).toEqual(['', '', '', '', '']);
});

test.each([
	['sk-1', 'sk-1'],
	['Bearer sk-1', 'sk-1'],
	['bearer  sk-1 ', 'sk-1'],
	['"sk-1"', 'sk-1'],
	["'Bearer sk-1'", 'sk-1'],
	['Authorization: Bearer sk-1', 'sk-1'],
	['Bearer', 'Bearer'],
	['"sk-1', '"sk-1'],
	['', ''],
])('the key pasted as %j is %j', (pasted, key) => {
	expect(cleanKey(pasted)).toBe(key);
});

test.each([
	['session=a; b="c"', 'session=a; b="c"'],
	['Cookie: session=a', 'session=a'],
	['"session=a"', 'session=a'],
	['', ''],
])('the cookie pasted as %j is %j', (pasted, cookie) => {
	expect(cleanCookie(pasted)).toBe(cookie);
});
