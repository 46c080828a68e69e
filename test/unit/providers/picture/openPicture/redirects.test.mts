import { describe, expect, test } from 'vitest';

import { LINK, opened, PNG, refusedPicture } from './opened.mts';

describe('redirects', () => {
	test('credentials go along at each hop only to the service', async () => {
		const to = (location: string) => ({ status: 302, headers: { location } });
		const { transport } = await opened(
			[to('https://cdn.example/b'), to('https://ai-chats.org/c'), { chunks: [PNG] }],
			'/a.png',
		);
		expect(transport.requests.map(({ authenticated }) => authenticated)).toEqual([
			true,
			false,
			true,
		]);
	});

	test('a loop ends', async () => {
		const answers = Array.from({ length: 9 }, () => ({ status: 302, headers: { location: LINK } }));
		expect((await refusedPicture(answers)).kind).toBe('protocol');
	});

	test.each(['file:///etc/passwd', 'data:image/png;base64,AAAA'])(
		'one to %j is refused',
		async (location) => {
			expect((await refusedPicture([{ status: 302, headers: { location } }])).kind).toBe('refused');
		},
	);
});
