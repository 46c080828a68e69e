import { describe, expect, test } from 'vitest';

import { ImageResponse } from '../../../../../providers/ImageResponse.ts';
import { json, page } from '../../../../support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../../../support/pages.mts';
import { png } from '../../../../support/pictures.mts';
import { collect } from '../../../../support/streams.mts';

import { errorFor, HELLO, LINK, service } from './service.mts';

describe('an answer with pictures', () => {
	test('is their links, in their order', async () => {
		const { transport, provider } = service(json({ data: [{ url: LINK }, { url: '/b.png' }] }));
		const chunks = await collect(provider.createAsyncGenerator('dalle', HELLO));
		expect(chunks[0]).toEqual({
			type: 'image',
			image: new ImageResponse([LINK, '/b.png'], 'Hello'),
		});
		expect(transport.letGoOfAll).toBe(true);
	});

	test('comes as its URL where asked for at once', async () => {
		const { provider } = service(json({ data: [{ url: LINK }] }));
		expect(await provider.createAsync('dalle', HELLO)).toBe(LINK);
	});

	test('within the answer comes as a data: URL of its own type', async () => {
		const base64 = Buffer.from(png(3, 2)).toString('base64');
		const { provider } = service(json({ data: [{ url: `data:image/webp;base64,${base64}` }] }));
		expect(await provider.createAsync('dalle', HELLO)).toBe(`data:image/png;base64,${base64}`);
	});

	test.each([
		['no data', json({}), 'Unexpected response format: no pictures', '{}'],
		['empty data', json({ data: [] }), 'Unexpected response format: no pictures', '{"data":[]}'],
		[
			'data that is no list',
			json({ data: {} }),
			'Unexpected response format: no pictures',
			'{"data":{}}',
		],
		['a bare null', json('null'), 'Unexpected response format: no pictures', 'null'],
		['no url', json({ data: [{}] }), 'No image URL found in the response', '{"data":[{}]}'],
		[
			'an empty url',
			json({ data: [{ url: '' }] }),
			'No image URL found in the response',
			'{"data":[{"url":""}]}',
		],
		[
			'a url that is no text',
			json({ data: [{ url: 5 }] }),
			'No image URL found in the response',
			'{"data":[{"url":5}]}',
		],
		[
			'broken JSON',
			json('{"data":[{"url":"https://a'),
			'The service sent broken JSON',
			'{"data":[{"url":"https://a',
		],
		['a page', page(PLAIN_PAGE), 'The service answered with a web page', 'Welcome to nginx!'],
	])('%s is quoted in the error', async (_what, answer, message, quoted) => {
		const error = await errorFor(answer, 'dalle');
		expect(error).toMatchObject({ kind: 'protocol', message });
		expect(error.details.serviceMessage).toBe(quoted);
	});

	test('a captcha instead asks for a person', async () => {
		expect((await errorFor(page(CAPTCHA_PAGE), 'dalle')).kind).toBe('blocked');
	});

	test.each(['', ' \r\n'])('%j is an empty answer', async (body) => {
		const error = await errorFor(json(body), 'dalle');
		expect(error).toMatchObject({ kind: 'protocol', message: 'The service sent an empty answer' });
	});

	test('an entry without a url among others is left out', async () => {
		const { provider } = service(json({ data: [{}, { url: LINK }] }));
		expect(await provider.createAsync('dalle', HELLO)).toBe(LINK);
	});

	test('is opened: a link of another host without credentials', async () => {
		const { transport, provider } = service({ chunks: [png(3, 2)] }, { chunks: [png(3, 2)] });
		for (const link of [LINK, '/own.png']) {
			const picture = await provider.openPicture(link);
			expect(picture).toMatchObject({ mimeType: 'image/png', width: 3, height: 2 });
			picture.close();
		}
		expect(transport.requests.map(({ url, authenticated }) => [url, authenticated])).toEqual([
			[LINK, false],
			['https://ai-chats.org/own.png', true],
		]);
	});
});
