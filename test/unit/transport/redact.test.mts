import { expect, test } from 'vitest';

import { redactor } from '../../../transport/redact.ts';

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
