import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { png } from '../../test/support/images.mts';
import {
	eventStream,
	json,
	type MemoryAnswer,
	MemoryTransport,
} from '../../test/support/memoryTransport.mts';
import { collect } from '../../test/support/streams.mts';
import { collectReply } from '../collectReply.ts';
import type { Message } from '../types.ts';
import { ServerTraits } from './chatRequest.ts';
import { apiBase, OpenAiCompatible } from './OpenAiCompatible.ts';

const HELLO: Message[] = [{ role: 'user', content: 'Hello' }];
const STREAM = eventStream(
	'data: {"model":"m-1","choices":[{"delta":{"content":"Hi"}}]}',
	'data: {"model":"m-1","choices":[{"delta":{},"finish_reason":"stop"}]}',
	'data: [DONE]',
);

function refusal(message: string, param?: string): MemoryAnswer {
	return json({ error: { message, param } }, 400);
}

function server(...answers: Array<MemoryAnswer | Error>) {
	const transport = new MemoryTransport(answers);
	const traits = new ServerTraits();
	const provider = new OpenAiCompatible(transport, 'http://localhost:1/v1', traits);
	const sent = () =>
		transport.requests.map(({ body }) => JSON.parse(String(body)) as Record<string, unknown>);
	return { transport, provider, sent };
}

test('any spelling of the address leads to the same endpoint', () => {
	for (const url of ['https://a.example', 'https://a.example/v1/chat/completions']) {
		const provider = new OpenAiCompatible(new MemoryTransport([]), url);
		expect(provider).toMatchObject({
			url: 'https://a.example/v1',
			apiEndpoint: 'https://a.example/v1/chat/completions',
			working: true,
			supportsMessageHistory: true,
			models: [],
		});
	}
});

describe('chat', () => {
	test('is posted with the user’s credentials, and read as it streams', async () => {
		const { transport, provider } = server(STREAM);
		const reply = await collectReply(provider.createAsyncGenerator('m', HELLO));
		expect(reply).toMatchObject({ text: 'Hi', model: 'm-1', finishReason: 'stop' });
		expect(transport.requests).toMatchObject([
			{ method: 'POST', url: 'http://localhost:1/v1/chat/completions', authenticated: true },
		]);
		expect(transport.letGoOfAll).toBe(true);
	});

	test('without a model takes the only one that the server lists, which is asked for once', async () => {
		const { transport, provider } = server(json({ data: [{ id: 'only' }] }), STREAM, STREAM);
		await provider.createAsync('', HELLO);
		await provider.createAsync(undefined, HELLO);
		expect(transport.requests.map(({ url }) => url.replace(/.*v1/, ''))).toEqual([
			'/models',
			'/chat/completions',
			'/chat/completions',
		]);
		expect(JSON.parse(String(transport.requests[2]?.body))).toMatchObject({ model: 'only' });
	});

	test.each([
		['several', json({ data: [{ id: 'a' }, { id: 'b' }] })],
		['none', json({ data: [] })],
		['no list', json({ detail: 'Not Found' }, 404)],
		['something else', json({})],
	])('without a model at a server that lists %s says that none is chosen', async (_, list) => {
		const { transport, provider } = server(list);
		const error = await providerErrorOf(() => collect(provider.createAsyncGenerator('', HELLO)));
		expect(error).toMatchObject({ kind: 'refused', message: 'No model is chosen' });
		expect(transport.requests).toHaveLength(1);
	});

	test('without a model and with a wrong key reports the key', async () => {
		const { provider } = server(json({ error: { message: 'Bad key' } }, 401));
		const error = await providerErrorOf(() => provider.resolveModel(''));
		expect(error).toMatchObject({
			kind: 'http',
			details: { status: 401, serviceMessage: 'Bad key' },
		});
	});

	test('that breaks off tells what had arrived', async () => {
		const { transport, provider } = server(
			eventStream('data: {"choices":[{"delta":{"content":"Hi"}}]}'),
		);
		const error = await providerErrorOf(() => provider.createAsync('m', HELLO));
		expect(error).toMatchObject({
			kind: 'truncated',
			retryable: false,
			details: { partialText: 'Hi' },
		});
		expect(transport.letGoOfAll).toBe(true);
	});

	test('that grows too large is refused', async () => {
		const { provider } = server(STREAM);
		const error = await providerErrorOf(() =>
			collect(provider.createAsyncGenerator('m', HELLO, { maxAnswerSize: 1 })),
		);
		expect(error.kind).toBe('refused');
	});

	test('is let go of where its reader leaves', async () => {
		const { transport, provider } = server(STREAM);
		for await (const chunk of provider.createAsyncGenerator('m', HELLO)) {
			expect(chunk.type).toBe('model');
			break;
		}
		expect(transport.letGoOfAll).toBe(true);
	});
});

describe('a server that refuses a field', () => {
	test('is asked without it, and so are its next requests', async () => {
		const { transport, provider, sent } = server(
			refusal('Unknown field', 'stream_options'),
			STREAM,
			STREAM,
		);
		expect(await provider.createAsync('m', HELLO)).toBe('Hi');
		expect(await provider.createAsync('m', HELLO)).toBe('Hi');
		expect(sent().map((body) => 'stream_options' in body)).toEqual([true, false, false]);
		expect(transport.letGoOfAll).toBe(true);
	});

	test('and another is asked without both', async () => {
		const { provider, sent } = server(
			refusal('Unknown field: stream_options'),
			refusal('Use max_tokens, not max_completion_tokens'),
			STREAM,
		);
		const options = { chat: { maxTokens: 5 } };
		const chunks = await collect(provider.createAsyncGenerator('m', HELLO, options));
		expect(chunks.map(({ type }) => type)).toEqual(['model', 'text', 'finish']);
		expect(sent()[2]).toMatchObject({ stream: true, max_tokens: 5 });
	});

	test('in the words of FastAPI is understood', async () => {
		const detail = [
			{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Not permitted' },
		];
		const { provider } = server(json({ detail }, 422), STREAM);
		expect(await provider.createAsync('m', HELLO)).toBe('Hi');
	});

	test('without which it makes no sense is not asked again', async () => {
		const { transport, provider } = server(refusal('No such model', 'model'), STREAM);
		const error = await providerErrorOf(() => provider.createAsync('m', HELLO));
		expect(error).toMatchObject({ kind: 'http', details: { parameter: 'model' } });
		expect(transport.requests).toHaveLength(1);
	});
});

describe('images', () => {
	test('are asked for with the last message, and come as they arrive', async () => {
		const base64 = Buffer.from(png(1, 1)).toString('base64');
		const { transport, provider, sent } = server(json({ data: [{ b64_json: base64 }] }));
		const answer = await collectReply(
			provider.createAsyncGenerator('m', [...HELLO, { role: 'user', content: 'A cat' }], {
				image: {},
			}),
			{
				onImage: async ({ content }) => {
					expect(Buffer.concat(await collect(content!))).toEqual(Buffer.from(png(1, 1)));
				},
			},
		);
		expect(answer.images).toHaveLength(1);
		expect(sent()[0]).toEqual({ model: 'm', prompt: 'A cat' });
		expect(transport.requests[0]?.url).toBe('http://localhost:1/v1/images/generations');
		expect(transport.letGoOfAll).toBe(true);
	});

	test('that a server does not draw are an error in its words', async () => {
		const { transport, provider } = server(refusal('s3cret-value is not allowed'));
		const error = await providerErrorOf(() =>
			collect(provider.createAsyncGenerator('m', HELLO, { image: {} })),
		);
		expect(error.details).toMatchObject({
			status: 400,
			serviceMessage: 's3cret-value is not allowed',
		});
		expect(transport.letGoOfAll).toBe(true);
	});
});

test('the models are those that the server lists', async () => {
	const { transport, provider } = server(json({ data: [{ id: 'b' }, { id: 'a' }] }));
	expect(await provider.listModels('chat')).toEqual(['a', 'b']);
	expect(transport.requests).toMatchObject([
		{ method: 'GET', url: 'http://localhost:1/v1/models', authenticated: true },
	]);
});

test('a server without a list says so', async () => {
	const { transport, provider } = server({ status: 404, chunks: ['Nothing here'] });
	const error = await providerErrorOf(() => provider.listModels('chat'));
	expect(error.details).toMatchObject({ status: 404, serviceMessage: 'Nothing here' });
	expect(transport.letGoOfAll).toBe(true);
});

test.each([
	['https://api.openai.com', 'https://api.openai.com/v1'],
	['https://api.openai.com/', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1///', 'https://api.openai.com/v1'],
	['  https://api.openai.com/v1\n', 'https://api.openai.com/v1'],
	['HTTPS://API.OpenAI.com/v1', 'https://api.openai.com/v1'],
	['https://api.openai.com:443/v1', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1?key=1#top', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/chat/completions', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/chat/completions/', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/chat/completions?x=1', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/completions', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/responses', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/embeddings', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/models', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/images/generations', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/images/edits', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/images/variations', 'https://api.openai.com/v1'],
	['api.openai.com', 'https://api.openai.com/v1'],
	['localhost:11434', 'http://localhost:11434/v1'],
	['localhost:11434/v1', 'http://localhost:11434/v1'],
	['127.0.0.1:1234', 'http://127.0.0.1:1234/v1'],
	['http://[::1]:8080/v1/', 'http://[::1]:8080/v1'],
	['https://openrouter.ai/api', 'https://openrouter.ai/api/v1'],
	['https://api.groq.com/openai/v1', 'https://api.groq.com/openai/v1'],
	['https://g.example/v1beta/openai/', 'https://g.example/v1beta/openai'],
	['https://c.example/client/v4/accounts/7/ai/v1', 'https://c.example/client/v4/accounts/7/ai/v1'],
	['https://v1.example', 'https://v1.example/v1'],
	['https://a.example/vision', 'https://a.example/vision/v1'],
	['https://a.example/proxy/chat/completions', 'https://a.example/proxy'],
	['https://a.example/chat/completions', 'https://a.example'],
])('%j is the base %j', (written, base) => {
	expect(apiBase(written)).toBe(base);
});

test.each(['', 'ftp://a/v1', 'file:///v1/models', 'http://', 'https://user:hunter22@a/v1'])(
	'%j is refused',
	async (written) => {
		expect((await providerErrorOf(() => apiBase(written))).kind).toBe('refused');
	},
);
