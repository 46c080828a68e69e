import { describe, expect, test } from 'vitest';

import { connectionOptions, headerRows, safeHeaders, text } from '../../../transport/connection.ts';
import { providerErrorOf } from '../../support/failure.mts';

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
