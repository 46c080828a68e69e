import { describe, expect, test } from 'vitest';

import { LINK, opened, PNG, refusedPicture } from './opened.mts';

describe('the request', () => {
	test('asks for a picture and says honestly who asks, without credentials', async () => {
		const { signal } = new AbortController();
		const { transport } = await opened([{ chunks: [PNG] }], LINK, { signal });
		expect(transport.requests).toEqual([
			{
				method: 'GET',
				url: LINK,
				headers: {
					accept: 'image/*',
					'user-agent': expect.stringMatching(/^n8n-nodes-aichats /) as string,
				},
				signal,
				authenticated: false,
			},
		]);
	});

	test.each([
		['/image.png', 'https://ai-chats.org/image.png'],
		['image.png', 'https://ai-chats.org/base/image.png'],
		['https://ai-chats.org/image.png', 'https://ai-chats.org/image.png'],
	])('%j is of the service itself: credentials go along', async (link, url) => {
		const { transport } = await opened([{ chunks: [PNG] }], link);
		expect(transport.requests[0]).toMatchObject({ url, authenticated: true });
	});

	test.each(['file:///etc/passwd', 'ftp://a/b.png', 'https://u:p@cdn.example/a.png'])(
		'%j is refused before a request',
		async (link) => {
			expect((await refusedPicture([], link)).kind).toBe('refused');
		},
	);
});
