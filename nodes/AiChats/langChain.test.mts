import { describe, expect, test } from 'vitest';

import { collectReply } from '../../providers/collectReply.ts';
import { heldBytes } from '../../providers/files.ts';
import { MessageReader, toLangChain } from './langChain.ts';

/** The reply that these messages, or pieces of one, make. */
async function replyOf(messages: unknown[]) {
	const reader = new MessageReader('a prompt');
	const chunks = messages.flatMap((message) => reader.read(message));
	return await collectReply([...chunks, ...reader.finish()]);
}

const file = (kind: 'image' | 'pdf' | 'audio', mimeType: string) =>
	({ kind, mimeType, fileName: 'a.x', content: heldBytes(Buffer.from('abc')) }) as const;
const block = { source_type: 'base64', data: 'YWJj', metadata: { filename: 'a.x' } };

/** Of a message, as LangChain's pieces are: they can be put together. */
const piece = (content: string, more: object = {}) => ({
	content,
	concat: () => undefined,
	...more,
});

describe('messages', () => {
	test('are plain objects, with the parts of a text and its files', async () => {
		expect(
			await toLangChain([
				{ role: 'system', content: 'Be brief' },
				{
					role: 'user',
					content: 'Look',
					attachments: [
						{ ...file('image', 'image/png'), content: 'AA==', detail: 'low' },
						{ kind: 'link', url: 'https://a.example/b.png' },
						file('pdf', 'application/pdf'),
						file('audio', 'audio/wav'),
					],
				},
			]),
		).toEqual([
			{ role: 'system', content: 'Be brief' },
			{
				role: 'user',
				content: [
					{ type: 'text', text: 'Look' },
					{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
					{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
					{ type: 'file', mime_type: 'application/pdf', ...block },
					{ type: 'audio', mime_type: 'audio/wav', ...block },
				],
			},
		]);
	});
});

describe('the answer', () => {
	test.each([
		['a text', 'Hi', { text: 'Hi' }],
		['a message', { content: 'Hi' }, { text: 'Hi' }],
		['parts', { content: [{ type: 'text', text: 'H' }, 'i'] }, { text: 'Hi' }],
		[
			'thinking of Anthropic',
			{
				content: [
					{ type: 'thinking', thinking: 'Hm' },
					{ type: 'text', text: 'Hi' },
				],
			},
			{ text: 'Hi', reasoning: 'Hm' },
		],
		[
			'reasoning of LangChain 1',
			{
				content: [
					{ type: 'reasoning', reasoning: 'Hm' },
					{ type: 'text', text: 'Hi' },
				],
			},
			{ text: 'Hi', reasoning: 'Hm' },
		],
		[
			'reasoning of DeepSeek',
			{ content: 'Hi', additional_kwargs: { reasoning_content: 'Hm' } },
			{ text: 'Hi', reasoning: 'Hm' },
		],
		[
			'reasoning of Bedrock',
			{ content: [{ type: 'reasoning_content', reasoningText: { text: 'Hm' } }, 'Hi'] },
			{ text: 'Hi', reasoning: 'Hm' },
		],
		[
			'a call of a tool of its own',
			{ content: 'Hi', tool_calls: [{ id: 'a' }] },
			{ toolCalls: [] },
		],
	])('of %s', async (_name, message, expected) => {
		expect(await replyOf([message])).toMatchObject(expected);
	});

	test.each([
		[{ finish_reason: 'stop' }, 'stop'],
		[{ finish_reason: 'length' }, 'length'],
		[{ finishReason: 'STOP' }, 'stop'],
		[{ finishReason: 'MAX_TOKENS' }, 'length'],
		[{ stop_reason: 'end_turn' }, 'stop'],
		[{ stop_reason: 'max_tokens' }, 'length'],
		[{ messageStop: { stopReason: 'max_tokens' } }, 'length'],
		[{ done_reason: 'stop' }, 'stop'],
		[{ finish_reason: 'content-filter' }, 'content_filter'],
		[{}, undefined],
	])('ended as %j tells', async (metadata, finishReason) => {
		const reply = await replyOf([{ content: 'Hi', response_metadata: metadata }]);
		expect(reply.finishReason).toBe(finishReason);
	});

	test.each(['inlineData', 'source', 'image'])('with an image as data in %s', async (place) => {
		const file = { mimeType: 'image/png', media_type: 'image/png', data: 'AA==' };
		const part = place === 'image' ? { type: place, ...file } : { type: 'x', [place]: file };
		const { images } = await replyOf([{ content: ['Hi', part] }]);
		expect(images.flatMap((image) => image.images)).toEqual(['data:image/png;base64,AA==']);
	});

	test('tells which model gave it, and what it cost', async () => {
		const reply = await replyOf([
			{
				content: 'Hi',
				response_metadata: { model_name: 'm-1', tokenUsage: { cost: 0.25 } },
				usage_metadata: {
					input_tokens: 9,
					output_tokens: 4,
					total_tokens: 13,
					input_token_details: { cache_read: 5, cache_creation: 2 },
					output_token_details: { reasoning: 3 },
				},
			},
		]);
		expect(reply.model).toBe('m-1');
		expect(reply.usage).toEqual({
			promptTokens: 9,
			completionTokens: 4,
			totalTokens: 13,
			cachedTokens: 5,
			cacheWriteTokens: 2,
			reasoningTokens: 3,
			cost: 0.25,
		});
	});

	test('adds up what the pieces of a stream tell, as LangChain does', async () => {
		const reply = await replyOf([
			{ content: '', usage_metadata: { input_tokens: 9, output_tokens: 0, total_tokens: 9 } },
			{ content: 'Hi' },
			{ content: '', usage_metadata: { input_tokens: 0, output_tokens: 4, total_tokens: 4 } },
		]);
		expect(reply.usage).toEqual({ promptTokens: 9, completionTokens: 4, totalTokens: 13 });
	});

	test('of a model that cannot stream is one message, with or without an end', async () => {
		expect(await replyOf([{ content: 'Hi' }])).toMatchObject({ text: 'Hi' });
	});

	test.each([
		['a stream without an end', [piece('H'), piece('i')], 'truncated'],
		[
			'an answer that the service gave up',
			[{ content: 'H', response_metadata: { finish_reason: 'error' } }],
			'truncated',
		],
		['a refusal', [{ content: '', additional_kwargs: { refusal: 'No' } }], 'refused'],
	])('is an error for %s', async (_name, messages, kind) => {
		await expect(replyOf(messages)).rejects.toMatchObject({ kind });
	});
});
