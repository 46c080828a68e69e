import { expect, test } from 'vitest';

import type { Usage } from '../../providers/types.ts';
import { mendAdapter, tokenCounts } from './adapter.ts';

interface Call {
	messages: Array<{ content: unknown }>;
	options: { onUsage(usage: Usage): void; temperature?: number };
}

class Message {
	constructor(readonly content: unknown) {}
}

const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };

test.each([[undefined], [null], ['text'], [{}], [{ _generate: 1, bindTools: 'x', callbacks: {} }]])(
	'an adapter of another shape stays as it is: %j',
	(model) => {
		const before = structuredClone(model);
		expect(mendAdapter(model)).toBe(model);
		expect(model).toEqual(before);
	},
);

test('unknown blocks are wrapped in copies of the same class', async () => {
	const calls: Call['messages'][] = [];
	const adapter = mendAdapter({
		_generate: async (messages: Message[]) => {
			calls.push(messages);
			return {};
		},
	});
	const known = new Message([{ type: 'text', text: 'Hi' }]);
	const other = new Message(['Hi', image]);
	await adapter._generate([known, other, new Message('text')]);
	expect(calls[0]?.[0]).toBe(known);
	expect(calls[0]?.[1]).toBeInstanceOf(Message);
	expect(calls[0]?.map(({ content }) => content)).toEqual([
		[{ type: 'text', text: 'Hi' }],
		[
			{ type: 'text', text: 'Hi' },
			{ type: 'non_standard', value: image },
		],
		'text',
	]);
	expect(other.content).toEqual(['Hi', image]);
});

test('what a call cost is noted on its last chunk, and its options are kept', async () => {
	const seen: unknown[] = [];
	const adapter = mendAdapter({
		async *_streamResponseChunks(_messages: Message[], options: Call['options'] | object) {
			seen.push((options as Call['options']).temperature);
			yield { text: 'a' };
			(options as Call['options']).onUsage({ promptTokens: 2, completionTokens: 3 });
			yield { text: '', generationInfo: { finish_reason: 'stop' } };
		},
	});
	const chunks: unknown[] = [];
	for await (const chunk of adapter._streamResponseChunks([], { temperature: 1 })) {
		chunks.push(chunk);
	}
	expect(seen).toEqual([1]);
	expect(chunks).toEqual([
		{ text: 'a' },
		{
			text: '',
			generationInfo: {
				finish_reason: 'stop',
				tokenUsage: { promptTokens: 2, completionTokens: 3 },
			},
		},
	]);
});

test('a model with tools is mended, too', async () => {
	const parser = () => ({});
	const callback = { options: { tokensUsageParser: parser } };
	const adapter = mendAdapter({
		bindTools: (tools: string[]) => ({ tools, callbacks: [callback] }),
	});
	expect(adapter.bindTools(['a']).tools).toEqual(['a']);
	expect(callback.options.tokensUsageParser).not.toBe(parser);
});

test.each([
	['nothing', undefined, { promptTokens: 0, completionTokens: 0, totalTokens: 0 }],
	[
		'an invoked answer',
		{ llmOutput: { tokenUsage: { input_tokens: 2, output_tokens: 3 } } },
		{ promptTokens: 2, completionTokens: 3, totalTokens: 5 },
	],
	[
		'a streamed answer',
		{ llmOutput: { tokenUsage: { promptTokens: 2, completionTokens: 3 } } },
		{ promptTokens: 2, completionTokens: 3, totalTokens: 5 },
	],
	[
		'an answer with its price',
		{
			generations: [[{ generationInfo: { tokenUsage: { promptTokens: 2, cost: 0.5 } } }]],
			llmOutput: { tokenUsage: { completionTokens: 3 } },
		},
		{ promptTokens: 2, completionTokens: 3, totalTokens: 5, cost: 0.5 },
	],
])('token counts are found in %s', (_name, result, counts) => {
	expect(tokenCounts(result)).toEqual(counts);
});
