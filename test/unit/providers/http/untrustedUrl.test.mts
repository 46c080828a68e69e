import { expect, test } from 'vitest';

import { untrustedUrl } from '../../../../providers/http/untrustedUrl.ts';
import { providerErrorOf } from '../../../support/failure.mts';

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

test('a long link is quoted in part', async () => {
	const error = await providerErrorOf(() => untrustedUrl(`x:${'y'.repeat(5000)}`, BASE));
	expect(error.details.explanation).toBe(`The link: x:${'y'.repeat(98)}`);
});
