import { expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import { collect, streamOf, watched } from '../test/support/streams.mts';
import { collectReply, withPartialText } from './collectReply.ts';
import { ProviderError } from './errors.ts';
import { ImageResponse, type ProviderChunk } from './types.ts';

const HELLO: ProviderChunk[] = [
	{ type: 'text', text: 'Hel' },
	{ type: 'text', text: 'lo' },
	{ type: 'finish', reason: 'stop' },
];

test('text is joined with nothing between, and its pieces are counted', async () => {
	expect(await collectReply(streamOf(...HELLO))).toEqual({
		text: 'Hello',
		reasoning: '',
		toolCalls: [],
		images: [],
		revisedPrompts: [],
		failedImages: [],
		notes: [],
		sources: [],
		finishReason: 'stop',
		fragments: 2,
	});
});

test('images are collected in their order', async () => {
	const first = new ImageResponse(['https://a/1.png'], 'one');
	const second = new ImageResponse(['https://a/2.png'], 'two');
	const chunks = streamOf<ProviderChunk>(
		{ type: 'image', image: first },
		{ type: 'image', image: second },
	);
	const reply = await collectReply(chunks);
	expect(reply.images).toEqual([first, second]);
	expect(reply.text).toBe('');
});

test('an answer that ends without a reason has none', async () => {
	const reply = await collectReply(streamOf<ProviderChunk>());
	expect(reply).toMatchObject({ text: '', images: [], toolCalls: [], fragments: 0 });
	expect('finishReason' in reply).toBe(false);
});

test('each fragment is seen as it arrives, and waited for', async () => {
	const seen: string[] = [];
	const { state, stream } = watched(...HELLO);
	await collectReply(stream, {
		onText: async (text) => {
			seen.push(`${text} begins after ${state.taken}`);
			await Promise.resolve();
			seen.push(`${text} ends after ${state.taken}`);
		},
	});
	expect(seen).toEqual([
		'Hel begins after 1',
		'Hel ends after 1',
		'lo begins after 2',
		'lo ends after 2',
	]);
});

test('a caller that fails on a fragment ends the answer', async () => {
	const { state, stream } = watched(...HELLO);
	const refused = new Error('no more');
	await expect(
		collectReply(stream, {
			onText: async () => {
				throw refused;
			},
		}),
	).rejects.toBe(refused);
	expect(state).toEqual({ taken: 1, ended: true });
});

test('the error of an answer passes through', async () => {
	const broken = new Error('reset');
	await expect(collectReply(streamOf(...HELLO.slice(0, 1), broken))).rejects.toBe(broken);
});

test('what the model thought is told apart from its text', async () => {
	const chunks = streamOf<ProviderChunk>(
		{ type: 'reasoning', text: 'Hm, ' },
		{ type: 'reasoning', text: 'yes.' },
		{ type: 'text', text: 'Yes' },
	);
	expect(await collectReply(chunks)).toMatchObject({ reasoning: 'Hm, yes.', text: 'Yes' });
});

test('the fragments of tool calls are put together by their ids', async () => {
	const delta = (index: number, id: string, json: string, name?: string): ProviderChunk => ({
		type: 'toolCall',
		delta: { index, id, arguments: json, ...(name === undefined ? {} : { name }) },
	});
	const chunks = streamOf(
		delta(0, 'a', '', 'add'),
		delta(1, 'b', '{"x"'),
		delta(0, 'a', '{"y":1}'),
		delta(1, 'b', ':2}', 'sub'),
	);
	expect((await collectReply(chunks)).toolCalls).toEqual([
		{ id: 'a', name: 'add', arguments: '{"y":1}' },
		{ id: 'b', name: 'sub', arguments: '{"x":2}' },
	]);
});

test('model, usage and revised prompts are noted', async () => {
	const chunks = streamOf<ProviderChunk>(
		{ type: 'model', model: 'gpt-4-0613' },
		{ type: 'usage', usage: { totalTokens: 3 } },
		{ type: 'revisedPrompts', prompts: ['a grey cat', undefined] },
	);
	expect(await collectReply(chunks)).toMatchObject({
		model: 'gpt-4-0613',
		usage: { totalTokens: 3 },
		revisedPrompts: ['a grey cat', undefined],
	});
});

test('the answer waits for whoever reads an image', async () => {
	const { state, stream } = watched<ProviderChunk>(
		{ type: 'image', image: new ImageResponse(['https://a/1.png'], 'one') },
		{ type: 'finish', reason: 'stop' },
	);
	const seen: unknown[] = [];
	await collectReply(stream, {
		onImage: async ({ images }) => {
			await Promise.resolve();
			seen.push(images, state.taken);
		},
	});
	expect(seen).toEqual([['https://a/1.png'], 1]);
});

const HEL: ProviderChunk = { type: 'text', text: 'Hel' };
const LO: ProviderChunk = { type: 'text', text: 'lo' };

/** Pieces of one chunk each. */
function singly(...chunks: Array<ProviderChunk | Error>) {
	return streamOf(...chunks.map((chunk) => (chunk instanceof Error ? chunk : [chunk])));
}

test('an answer passes through as it is', async () => {
	const chunks: ProviderChunk[] = [HEL, LO, { type: 'finish', reason: 'stop' }];
	expect(await collect(withPartialText(singly(...chunks)))).toEqual(chunks);
});

test('an error after text carries the text and is not retryable', async () => {
	const broken = new ProviderError('quota', 'Used up', { retryable: true, status: 429 });
	const error = await providerErrorOf(() => collect(withPartialText(singly(HEL, LO, broken))));
	expect(error).not.toBe(broken);
	expect(error.kind).toBe('quota');
	expect(error.message).toBe('Used up');
	expect(error.retryable).toBe(false);
	expect(error.details).toMatchObject({ partialText: 'Hello', status: 429, retryable: false });
});

test('an answer that breaks off keeps its kind and gets the text', async () => {
	const broken = new ProviderError('truncated', 'Broken', { code: 'ECONNRESET', retryable: true });
	const error = await providerErrorOf(() => collect(withPartialText(singly(HEL, broken))));
	expect(error).toMatchObject({ kind: 'truncated', message: 'Broken', retryable: false });
	expect(error.details).toMatchObject({ code: 'ECONNRESET', partialText: 'Hel' });
});

test('an error before text stays as it is, retryable or not', async () => {
	const broken = new ProviderError('network', 'Lost', { retryable: true });
	const error = await providerErrorOf(() => collect(withPartialText(singly(broken))));
	expect(error).toBe(broken);
	expect(error.retryable).toBe(true);
});

test('any other error becomes a provider error with its cause', async () => {
	const broken = new TypeError('x is not a function');
	const error = await providerErrorOf(() => collect(withPartialText(singly(HEL, broken))));
	expect(error.kind).toBe('protocol');
	expect(error.cause).toBe(broken);
	expect(error.details.partialText).toBe('Hel');
});

test('text that arrived before the failure was handed on', async () => {
	const seen: ProviderChunk[] = [];
	const broken = new ProviderError('network', 'Lost');
	await providerErrorOf(async () => {
		for await (const chunk of withPartialText(singly(HEL, LO, broken))) seen.push(chunk);
	});
	expect(seen).toEqual([HEL, LO]);
});

test('the chunks of a piece come out one by one, and leaving between them ends the source', async () => {
	const { state, stream } = watched([HEL, LO], [HEL]);
	const seen: ProviderChunk[] = [];
	for await (const chunk of withPartialText(stream)) {
		seen.push(chunk);
		if (seen.length === 2) break;
	}
	expect(seen).toEqual([HEL, LO]);
	expect(state).toEqual({ taken: 1, ended: true });
});

test('leaving early ends the source', async () => {
	const { state, stream } = watched([HEL], [LO]);
	for await (const chunk of withPartialText(stream)) {
		expect(chunk).toBe(HEL);
		break;
	}
	expect(state).toEqual({ taken: 1, ended: true });
});

test('an answer of exactly the largest size passes', async () => {
	expect(await collect(withPartialText(singly(HEL, LO), 5))).toEqual([HEL, LO]);
});

test('a larger one is refused, with the text until then, and ends its source', async () => {
	const { state, stream } = watched([HEL], [LO], [HEL]);
	const error = await providerErrorOf(() => collect(withPartialText(stream, 4)));
	expect(error).toMatchObject({ kind: 'refused', details: { partialText: 'Hel' } });
	expect(error.message).toContain('4 bytes');
	expect(state).toEqual({ taken: 2, ended: true });
});

test('the size is that of the text in UTF-8, reasoning included', async () => {
	const chunks: ProviderChunk[] = [
		{ type: 'reasoning', text: '€' },
		{ type: 'text', text: '€' },
	];
	expect(await collect(withPartialText(singly(...chunks), 6))).toEqual(chunks);
	expect((await providerErrorOf(() => collect(withPartialText(singly(...chunks), 5)))).kind).toBe(
		'refused',
	);
});

test.each<[string, ProviderChunk]>([
	['text', { type: 'text', text: 'x'.repeat(100) }],
	['white space', { type: 'text', text: ' '.repeat(100) }],
	['reasoning', { type: 'reasoning', text: 'x'.repeat(100) }],
	['arguments', { type: 'toolCall', delta: { index: 0, id: 'a', arguments: 'x'.repeat(100) } }],
	['calls without arguments', { type: 'toolCall', delta: { index: 0, id: 'a', arguments: '' } }],
	[
		'fields of calls',
		{
			type: 'toolCall',
			delta: { index: 0, id: 'a', arguments: '', extra: { a: 'x'.repeat(100) } },
		},
	],
	['sources', { type: 'sources', sources: [{ url: 'x'.repeat(100) }] }],
	['probabilities', { type: 'logprobs', logprobs: [1, 2] }],
])('%s without end are refused at the limit', async (_what, chunk) => {
	let count = 0;
	async function* endless() {
		for (; count < 1000; count++) yield [chunk];
	}
	const error = await providerErrorOf(() => collect(withPartialText(endless(), 10_000)));
	expect(error.kind).toBe('refused');
	expect(count).toBeLessThan(200);
});
