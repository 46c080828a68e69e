import { expect, test } from 'vitest';

import type { ProviderChunk } from '../../../providers/chunks.ts';
import { collectReply } from '../../../providers/collectReply.ts';
import { ImageResponse } from '../../../providers/ImageResponse.ts';
import { streamOf, watched } from '../../support/streams.mts';

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
		finishReason: 'stop',
		fragments: 2,
	});
});

test('pictures are collected in their order', async () => {
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

test('the answer waits for whoever reads a picture', async () => {
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
