import { expect, test } from 'vitest';

import { baseUrl } from '../../../../providers/http/baseUrl.ts';
import { providerErrorOf } from '../../../support/failure.mts';

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
