import { describe, expect, test } from 'vitest';

import type { Message } from '../../../../../providers/messages.ts';
import { providerErrorOf } from '../../../../support/failure.mts';
import { eventStream, json } from '../../../../support/memoryTransport.mts';
import { collect } from '../../../../support/streams.mts';

import { BROKEN, HELLO, LINK, service } from './service.mts';

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
				authenticated: true,
				signal,
			},
		]);
	});

	test('for a picture differs in type and referer', async () => {
		const { transport, provider } = service(json({ data: [{ url: LINK }] }));
		await provider.createAsync('dalle', [...HELLO, { role: 'user', content: 'a cat' }]);
		const [request] = transport.requests;
		expect(request?.headers['referer']).toBe('https://ai-chats.org/image/');
		expect(JSON.parse(String(request?.body))).toEqual({
			type: 'image',
			messagesHistory: [{ from: 'you', content: 'a cat' }],
		});
	});

	test('for a picture without messages has an empty content', async () => {
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
