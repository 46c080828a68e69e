import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { png } from '../../test/support/images.mts';
import {
	eventStream,
	json,
	type MemoryAnswer,
	MemoryTransport,
	page,
} from '../../test/support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../test/support/pages.mts';
import { collect } from '../../test/support/streams.mts';
import { ProviderError } from '../errors.ts';
import { ImageResponse, type Message } from '../types.ts';
import { AiChats } from './AiChats.ts';

export const HELLO: Message[] = [{ role: 'user', content: 'Hello' }];
export const BROKEN = new ProviderError('network', 'Lost', { code: 'ECONNRESET', retryable: true });
export const LINK = 'https://cdn.example/image.png';

export function service(...answers: Array<MemoryAnswer | Error>) {
	const transport = new MemoryTransport(answers);
	return { transport, provider: new AiChats(transport) };
}

export async function errorFor(
	answer: MemoryAnswer | Error,
	model = 'gpt-4',
): Promise<ProviderError> {
	const { transport, provider } = service(answer);
	const error = await providerErrorOf(() => collect(provider.createAsyncGenerator(model, HELLO)));
	expect(transport.letGoOfAll).toBe(true);
	return error;
}

describe('attributes', () => {
	test('are those of the protocol page', () => {
		const { provider } = service();
		expect(provider).toMatchObject({
			url: 'https://ai-chats.org',
			apiEndpoint: 'https://ai-chats.org/chat/send2/',
			working: false,
			supportsMessageHistory: true,
			defaultModel: 'gpt-4',
			models: ['gpt-4', 'dalle'],
		});
	});

	test.each(['http://localhost:8080/base', 'http://localhost:8080/base/'])(
		'the base URL %j leads to the same endpoint',
		(url) => {
			const provider = new AiChats(new MemoryTransport([]), url);
			expect(provider.url).toBe('http://localhost:8080/base');
			expect(provider.apiEndpoint).toBe('http://localhost:8080/base/chat/send2/');
		},
	);

	test('anything but an http(s) base URL is refused', async () => {
		const error = await providerErrorOf(() => new AiChats(new MemoryTransport([]), 'ftp://a'));
		expect(error.kind).toBe('refused');
	});

	test('the models are told by what they do', async () => {
		const { provider } = service();
		expect(await provider.listModels('chat')).toEqual(['gpt-4']);
		expect(await provider.listModels('image')).toEqual(['dalle']);
	});
});

describe('an error status', () => {
	test('403 with a challenge asks for a person', async () => {
		expect((await errorFor(page(CAPTCHA_PAGE, 403))).kind).toBe('blocked');
	});

	test.each([
		['seconds', { 'retry-after': '3' }, 3000],
		['milliseconds', { 'retry-after-ms': '250' }, 250],
		['a past date', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
		['nothing', {}, undefined],
	])('429 with %s to wait', async (_form, headers, wait) => {
		const error = await errorFor({ status: 429, headers, chunks: ['Too many requests'] });
		expect(error).toMatchObject({ kind: 'http', retryable: true });
		expect(error.details).toMatchObject({ status: 429, serviceMessage: 'Too many requests' });
		expect(error.details.retryAfter).toBe(wait);
	});

	test.each([
		['HTML', page(PLAIN_PAGE, 500), 'Welcome to nginx!'],
		['JSON', json({ error: { message: 'Out of order' } }, 502), 'Out of order'],
		['text', { status: 503, chunks: ['upstream  timed\nout'] }, 'upstream timed out'],
		['nothing', { status: 504 }, ''],
	])('5xx with %s', async (_form, answer: MemoryAnswer, words) => {
		const error = await errorFor(answer);
		expect(error.kind).toBe('http');
		expect(error.message).toBe(`The service answered with status ${answer.status}`);
		expect(error.details.serviceMessage).toBe(words);
	});

	test('a redirect is followed, one that leads nowhere is an error', async () => {
		const location = 'https://ai-chats.org/new/';
		const { provider } = service({ status: 308, headers: { location } }, eventStream('data: a'));
		expect(await provider.createAsync('gpt-4', HELLO)).toBe('a');
		expect((await errorFor({ status: 302 })).details.status).toBe(302);
	});

	test('without an answer the transport’s error passes', async () => {
		expect(await errorFor(BROKEN)).toBe(BROKEN);
	});
});

describe('an answer with images', () => {
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
		['no data', json({}), 'Unexpected response format: no images', '{}'],
		['empty data', json({ data: [] }), 'Unexpected response format: no images', '{"data":[]}'],
		[
			'data that is no list',
			json({ data: {} }),
			'Unexpected response format: no images',
			'{"data":{}}',
		],
		['a bare null', json('null'), 'Unexpected response format: no images', 'null'],
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
		expect(error).toMatchObject({
			kind: 'protocol',
			message: 'The service sent an empty answer instead of an image',
		});
	});

	test('an entry without a url among others is left out', async () => {
		const { provider } = service(json({ data: [{}, { url: LINK }] }));
		expect(await provider.createAsync('dalle', HELLO)).toBe(LINK);
	});

	test('is opened: a link of another host without credentials', async () => {
		const { transport, provider } = service({ chunks: [png(3, 2)] }, { chunks: [png(3, 2)] });
		for (const link of [LINK, '/own.png']) {
			const image = await provider.openImage(link);
			expect(image).toMatchObject({ mimeType: 'image/png', width: 3, height: 2 });
			image.close();
		}
		expect(transport.requests.map(({ url, authenticated }) => [url, authenticated])).toEqual([
			[LINK, false],
			['https://ai-chats.org/own.png', true],
		]);
	});
});

describe('the request', () => {
	test('for text is exactly this one', async () => {
		const { transport, provider } = service(eventStream('data: Hi'));
		const { signal } = new AbortController();
		await provider.createAsync('gpt-4', HELLO, { signal });
		expect(transport.requests).toEqual([
			{
				method: 'POST',
				url: 'https://ai-chats.org/chat/send2/',
				headers: {
					accept: 'application/json, text/event-stream',
					'accept-language': 'en-US,en;q=0.9',
					'cache-control': 'no-cache',
					'content-type': 'application/json',
					origin: 'https://ai-chats.org',
					pragma: 'no-cache',
					referer: 'https://ai-chats.org/chat/',
					'user-agent': expect.any(String) as string,
				},
				body: '{"type":"chat","messagesHistory":[{"from":"you","content":"Hello"}]}',
				isCostly: false,
				authenticated: true,
				signal,
			},
		]);
	});

	test('for an image differs in type and referer', async () => {
		const { transport, provider } = service(json({ data: [{ url: LINK }] }));
		await provider.createAsync('dalle', [...HELLO, { role: 'user', content: 'a cat' }]);
		const [request] = transport.requests;
		expect(request?.headers['referer']).toBe('https://ai-chats.org/image/');
		expect(JSON.parse(String(request?.body))).toEqual({
			type: 'image',
			messagesHistory: [{ from: 'you', content: 'a cat' }],
		});
	});

	test('for an image without messages has an empty content', async () => {
		const { transport, provider } = service(json({ data: [{ url: LINK }] }));
		await provider.createAsync('dalle', []);
		expect(JSON.parse(String(transport.requests[0]?.body))).toEqual({
			type: 'image',
			messagesHistory: [{ from: 'you', content: '' }],
		});
	});

	test.each(['gpt-4', 'dalle'])(
		'for %s wears no browser’s disguise and no cookie',
		async (model) => {
			const { transport, provider } = service(BROKEN);
			await providerErrorOf(() => provider.createAsync(model, HELLO));
			const { headers } = transport.requests[0]!;
			expect(headers['user-agent']).toContain('n8n-nodes-aichats');
			expect(headers['user-agent']).not.toMatch(/mozilla|chrome|safari|webkit/i);
			expect(
				Object.keys(headers).filter((name) => /^(sec-|cookie$|authorization$)/.test(name)),
			).toEqual([]);
		},
	);

	test('folds a conversation, or sends its turns where asked to', async () => {
		const messages: Message[] = [...HELLO, { role: 'assistant', content: 'Hi!' }, ...HELLO];
		const { transport, provider } = service(eventStream('data: a'), eventStream('data: b'));
		await provider.createAsync('gpt-4', messages);
		await provider.createAsync('gpt-4', messages, { nativeTurns: true });
		const histories = transport.requests.map(
			({ body }) => (JSON.parse(String(body)) as { messagesHistory: unknown[] }).messagesHistory,
		);
		expect(histories).toEqual([
			[{ from: 'you', content: 'User: Hello\nAssistant: Hi!\nUser: Hello\nAssistant:' }],
			[
				{ from: 'you', content: 'Hello' },
				{ from: 'chatGPT', content: 'Hi!' },
				{ from: 'you', content: 'Hello' },
			],
		]);
	});

	test.each([undefined, ''])('with the model %j is for the default one', async (model) => {
		const { transport, provider } = service(eventStream('data: a'));
		await provider.createAsync(model, HELLO);
		expect(String(transport.requests[0]?.body)).toContain('"type":"chat"');
	});

	test('for an unknown model is not sent', async () => {
		const { transport, provider } = service();
		const error = await providerErrorOf(() => provider.createAsync('gpt-5', HELLO));
		expect(error).toMatchObject({ kind: 'refused', message: "There is no model 'gpt-5'" });
		expect(transport.requests).toEqual([]);
	});

	test('is not sent before the answer is asked for', async () => {
		const { transport, provider } = service(eventStream('data: a'));
		const answer = provider.createAsyncGenerator('gpt-4', HELLO);
		expect(transport.requests).toEqual([]);
		await collect(answer);
		expect(transport.requests).toHaveLength(1);
	});
});

describe('an answer of text', () => {
	test('comes fragment by fragment and ends with its reason', async () => {
		const { transport, provider } = service(eventStream('data: Hel', 'data: lo', 'data:  world'));
		expect(await collect(provider.createAsyncGenerator('gpt-4', HELLO))).toEqual([
			{ type: 'text', text: 'Hel' },
			{ type: 'text', text: 'lo' },
			{ type: 'text', text: ' world' },
			{ type: 'finish', reason: 'stop' },
		]);
		expect(transport.letGoOfAll).toBe(true);
	});

	test('comes as one string where asked for at once', async () => {
		const { provider } = service(eventStream('data: Hel', 'data: lo '));
		expect(await provider.createAsync('gpt-4', HELLO)).toBe('Hello');
	});

	test('that is left early lets go of the connection', async () => {
		const { transport, provider } = service(eventStream('data: a', 'data: b', 'data: c'));
		for await (const chunk of provider.createAsyncGenerator('gpt-4', HELLO)) {
			expect(chunk).toEqual({ type: 'text', text: 'a' });
			break;
		}
		expect(transport.answers).toEqual([{ closed: true, bodyEnded: true, chunksTaken: 1 }]);
	});

	test('that ends with [DONE] lets go of the connection', async () => {
		const { transport, provider } = service(eventStream('data: a', 'data: [DONE]', 'data: b'));
		expect(await provider.createAsync('gpt-4', HELLO)).toBe('a');
		expect(transport.answers[0]).toMatchObject({ closed: true, chunksTaken: 2 });
	});
});
