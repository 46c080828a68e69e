import { expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { baseUrl, untrustedUrl } from './urls.ts';

test.each([
	['https://ai-chats.org', 'https://ai-chats.org'],
	['https://ai-chats.org/', 'https://ai-chats.org'],
	['https://ai-chats.org///', 'https://ai-chats.org'],
	['  https://ai-chats.org\n', 'https://ai-chats.org'],
	['HTTPS://AI-Chats.org', 'https://ai-chats.org'],
	['https://ai-chats.org:443/', 'https://ai-chats.org'],
	['http://localhost:8080/base/', 'http://localhost:8080/base'],
	['http://[::1]:8080', 'http://[::1]:8080'],
	['https://ai-chats.org/base?key=1#top', 'https://ai-chats.org/base'],
])('%j becomes %j', (written, url) => {
	expect(baseUrl(written)).toBe(url);
});

test.each(['', '   ', 'ftp://ai-chats.org', 'file:///etc/passwd', 'ws://a', 'http://', 'a b'])(
	'%j is refused',
	async (written) => {
		expect((await providerErrorOf(() => baseUrl(written))).kind).toBe('refused');
	},
);

test.each([
	'https://user:hunter22@ai-chats.org',
	'https://user@ai-chats.org',
	'ftp://u:hunter22@a',
])('%j is refused without quoting its password', async (written) => {
	const error = await providerErrorOf(() => baseUrl(written));
	expect(error.kind).toBe('refused');
	expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain('hunter22');
});

const BASE = 'https://ai-chats.org/base/';

test.each([
	['https://cdn.example/image.png?x=1', 'https://cdn.example/image.png?x=1'],
	['http://cdn.example/a b.png', 'http://cdn.example/a%20b.png'],
	['/image.png', 'https://ai-chats.org/image.png'],
	['image.png', 'https://ai-chats.org/base/image.png'],
	['../image.png', 'https://ai-chats.org/image.png'],
	['//cdn.example/image.png', 'https://cdn.example/image.png'],
	['data:image/png;base64,AAAA', 'data:image/png;base64,AAAA'],
])('%j leads to %j', (link, url) => {
	expect(untrustedUrl(link, BASE).href).toBe(url);
});

test.each([
	'file:///etc/passwd',
	'ftp://cdn.example/a.png',
	'javascript:alert(1)',
	'blob:https://a/b',
	'mailto:a@b.example',
])('%j is refused: it is not http(s)', async (link) => {
	const error = await providerErrorOf(() => untrustedUrl(link, BASE));
	expect(error.kind).toBe('refused');
	expect(error.message).toContain('is not http(s)');
	expect(error.details.explanation).toBe(`The link: ${link}`);
});

test.each(['http://', 'https://[::1', 'http://a:99999/'])(
	'%j is refused: it is not a URL',
	async (link) => {
		const error = await providerErrorOf(() => untrustedUrl(link, BASE));
		expect(error.kind).toBe('refused');
		expect(error.message).toContain('is not a URL');
	},
);

test.each(['https://user:hunter22@cdn.example/a.png', 'https://hunter22@cdn.example/a.png'])(
	'%j is refused and its password not quoted',
	async (link) => {
		const error = await providerErrorOf(() => untrustedUrl(link, BASE));
		expect(error.kind).toBe('refused');
		expect(error.message).toContain('holds a password');
		expect(error.details.explanation).toBe('The link: https://cdn.example');
	},
);
