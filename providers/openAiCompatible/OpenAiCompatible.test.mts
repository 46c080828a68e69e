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
import { collect } from '../../test/support/streams.mts';
import { collectReply } from '../collectReply.ts';
import type { Message } from '../types.ts';
import { OpenAiCompatible } from './OpenAiCompatible.ts';
import { ServerTraits } from './serverTraits.ts';

const HELLO: Message[] = [{ role: 'user', content: 'Hello' }];
const STREAM = eventStream(
	'data: {"model":"m-1","choices":[{"delta":{"content":"Hi"}}]}',
	'data: {"model":"m-1","choices":[{"delta":{},"finish_reason":"stop"}]}',
	'data: [DONE]',
);

function refusal(message: string, param?: string): MemoryAnswer {
	return json({ error: { message, param } }, 400);
}

function serverAt(url: string, ...answers: Array<MemoryAnswer | Error>) {
	const transport = new MemoryTransport(answers);
	const traits = new ServerTraits();
	const provider = new OpenAiCompatible(transport, url, traits);
	const sent = () =>
		transport.requests.map(({ body }) => JSON.parse(String(body)) as Record<string, unknown>);
	const asked = () => transport.requests.map(({ url: address }) => address);
	return { transport, provider, sent, asked };
}

function server(...answers: Array<MemoryAnswer | Error>) {
	return serverAt('http://localhost:1/v1', ...answers);
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
			refusal('Use max_completion_tokens, not max_tokens'),
			STREAM,
		);
		const options = { chat: { maxTokens: 5 } };
		const chunks = await collect(provider.createAsyncGenerator('m', HELLO, options));
		expect(chunks.map(({ type }) => type)).toEqual(['model', 'text', 'finish']);
		expect(sent()[2]).toMatchObject({ stream: true, max_completion_tokens: 5 });
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

describe('addresses', () => {
	const NOT_FOUND = page('<html><title>404</title></html>', 404);
	const ask = async ({ provider }: ReturnType<typeof server>) =>
		await provider.createAsync('m', HELLO);

	test('keep their query on every request', async () => {
		const at = serverAt(
			'https://r.example/openai/deployments/d?api-version=2024-10-21',
			STREAM,
			json({ data: ['m'] }),
			json({ data: [] }),
		);
		await ask(at);
		await at.provider.listModels('chat');
		await providerErrorOf(() =>
			collect(at.provider.createAsyncGenerator('m', HELLO, { image: {} })),
		);
		const base = 'https://r.example/openai/deployments/d';
		expect(at.asked()).toEqual(
			['/chat/completions', '/models', '/images/generations'].map(
				(path) => `${base}${path}?api-version=2024-10-21`,
			),
		);
		expect(at.provider.apiEndpoint).toBe(`${base}/chat/completions?api-version=2024-10-21`);
	});

	test.each([
		['a page', NOT_FOUND],
		['nothing', { status: 404 }],
		['FastAPI’s words', json({ detail: 'Not Found' }, 404)],
		['no such method', json({ detail: 'Method Not Allowed' }, 405)],
	])(
		'with a guessed version that answer with %s are asked once without it, and remembered',
		async (_, missing) => {
			const at = serverAt('https://a.example/api', missing, STREAM, STREAM);
			expect(await ask(at)).toBe('Hi');
			expect(await ask(at)).toBe('Hi');
			expect(at.asked()).toEqual([
				'https://a.example/api/v1/chat/completions',
				'https://a.example/api/chat/completions',
				'https://a.example/api/chat/completions',
			]);
		},
	);

	test('are asked without the version for the list of models too', async () => {
		const at = serverAt('https://a.example', NOT_FOUND, json({ data: [{ id: 'a' }] }));
		expect(await at.provider.listModels('chat')).toEqual(['a']);
	});

	test.each([
		[
			'a missing model',
			'https://a.example',
			json({ error: { message: "model 'x' not found" } }, 404),
		],
		['a version that the user wrote', 'https://a.example/v1', NOT_FOUND],
		['another failure', 'https://a.example', page('<html>', 403)],
	])('are asked once for %s', async (_, url, answer) => {
		const at = serverAt(url, answer, STREAM);
		await providerErrorOf(() => ask(at));
		expect(at.asked()).toHaveLength(1);
	});

	test('where nothing answers are named in the error, without their query', async () => {
		const at = serverAt('https://a.example/x?key=hunter22', NOT_FOUND, NOT_FOUND);
		const error = await providerErrorOf(() => ask(at));
		expect(error.details).toMatchObject({
			status: 404,
			address: 'https://a.example/x/v1/chat/completions',
		});
		expect(JSON.stringify(error)).not.toContain('hunter22');
	});

	test('without the version that refuse the request say why', async () => {
		const at = serverAt(
			'https://a.example',
			NOT_FOUND,
			json({ error: { message: 'Bad key' } }, 401),
		);
		const error = await providerErrorOf(() => ask(at));
		expect(error.details).toMatchObject({ status: 401, serviceMessage: 'Bad key' });
	});

	test.each(['https://api.openai.com/v1', 'https://r.openai.azure.com/openai/v1'])(
		'of OpenAI get the newer name of the token limit at once: %s',
		async (url) => {
			const at = serverAt(url, STREAM);
			await collect(at.provider.createAsyncGenerator('m', HELLO, { chat: { maxTokens: 5 } }));
			expect(at.sent()[0]).toMatchObject({ max_completion_tokens: 5 });
		},
	);
});

test('what is learnt of one model is not applied to another', async () => {
	const { provider, sent } = server(refusal('No stream_options'), STREAM, STREAM);
	await provider.createAsync('a', HELLO);
	await provider.createAsync('b', HELLO);
	expect(sent().map((body) => 'stream_options' in body)).toEqual([true, false, true]);
});

test('an answer of only images is one', async () => {
	const url = 'data:image/png;base64,QQ==';
	const message = { role: 'assistant', content: null, images: [{ image_url: { url } }] };
	const { provider } = server(json({ choices: [{ message, finish_reason: 'stop' }] }));
	const reply = await collectReply(provider.createAsyncGenerator('m', HELLO));
	expect(reply.images).toMatchObject([{ images: [url], alt: 'Hello' }]);
});

test('a whole completion larger than the limit is refused before it is read to its end', async () => {
	const { provider, transport } = server({
		chunks: ['{"a":"', ...Array.from({ length: 100 }, () => 'x'.repeat(10_000))],
	});
	const error = await providerErrorOf(() =>
		collect(provider.createAsyncGenerator('m', HELLO, { maxAnswerSize: 5000 })),
	);
	expect(error.kind).toBe('refused');
	expect(transport.answers[0]?.chunksTaken).toBeLessThan(20);
});

test('tool calls count against the largest answer', async () => {
	const call = (index: number) =>
		JSON.stringify({
			choices: [
				{
					delta: {
						tool_calls: [{ index, id: `c${index}`, function: { name: 'f', arguments: '{}' } }],
					},
				},
			],
		});
	const { provider } = server(
		eventStream(...Array.from({ length: 100 }, (_, index) => `data: ${call(index)}`)),
	);
	const error = await providerErrorOf(() =>
		collect(provider.createAsyncGenerator('m', HELLO, { maxAnswerSize: 1000 })),
	);
	expect(error).toMatchObject({ kind: 'refused' });
});

describe('a field that an image model does not take', () => {
	const IMAGE = json({ data: [{ url: 'https://a/b.png' }] });
	const REFUSED = refusal("Unknown parameter: 'response_format'.", 'response_format');

	async function draw(provider: OpenAiCompatible, image: Record<string, unknown>) {
		return await collectReply(provider.createAsyncGenerator('m', HELLO, { image }));
	}

	test('is left out once and for the rest of the run, and each answer says so', async () => {
		const { provider, sent } = server(REFUSED, IMAGE, IMAGE);
		const image = { responseFormat: 'b64_json', size: '8x8' };
		const replies = [await draw(provider, image), await draw(provider, image)];
		expect(sent().map((body) => 'response_format' in body)).toEqual([true, false, false]);
		expect(sent().map(({ size }) => size)).toEqual(['8x8', '8x8', '8x8']);
		expect(replies.map(({ notes }) => notes)).toEqual(
			replies.map(() => ["The model 'm' does not take 'response_format', so it was left out"]),
		);
	});

	test('is left out of requests in parallel, too, which are all refused before any is repeated', async () => {
		const { provider, sent } = server(REFUSED, REFUSED, REFUSED, IMAGE, IMAGE, IMAGE);
		const image = { responseFormat: 'b64_json' };
		const replies = await Promise.all([1, 2, 3].map(async () => await draw(provider, image)));
		expect(replies.map(({ images }) => images.length)).toEqual([1, 1, 1]);
		expect(sent()).toHaveLength(6);
	});

	test('says nothing where it was not requested', async () => {
		const { provider } = server(REFUSED, IMAGE, IMAGE);
		await draw(provider, { responseFormat: 'b64_json' });
		expect((await draw(provider, {})).notes).toEqual([]);
	});

	test.each(['model', 'prompt'])('is an error where it is %s', async (field) => {
		const { provider, sent } = server(refusal(`Unsupported ${field}`, field));
		const error = await providerErrorOf(() => draw(provider, { size: '8x8' }));
		expect(error.details.status).toBe(400);
		expect(sent()).toHaveLength(1);
	});
});

describe('a server without images', () => {
	const SOURCE = { fileName: 'a.png', mimeType: 'image/png' as const, bytes: png(1, 1) };

	test.each([
		['has no endpoint for images', {}, /choose another server or model/],
		['cannot edit images', { sources: [SOURCE] }, /Images to Edit/],
	])('%s', async (message, image, advice) => {
		const missing = json({ detail: 'Not Found' }, 404);
		const { provider } = server(missing, missing);
		const error = await providerErrorOf(() =>
			collect(provider.createAsyncGenerator('m', HELLO, { image })),
		);
		expect(error.message).toBe(`This server ${message}`);
		expect(error.details.explanation).toMatch(advice);
	});

	test('is not confused with a model that is not there', async () => {
		const { provider } = server(json({ error: { message: "model 'm' not found" } }, 404));
		const error = await providerErrorOf(() =>
			collect(provider.createAsyncGenerator('m', HELLO, { image: {} })),
		);
		expect(error.message).not.toContain('This server');
	});
});
