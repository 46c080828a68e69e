import { describe, expect, it } from 'vitest';

import { openAiChat } from './parameters.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const TOOLS = [
	{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } },
	{
		type: 'function',
		function: {
			name: 'tides',
			parameters: { type: 'object', properties: { place: { type: 'string' } } },
		},
	},
];

describe('Answers of an OpenAI-compatible server', () => {
	const bench = useBench();

	it('tells reasoning apart from the answer', async () => {
		const options = { reasoningEffort: 'high' };
		const prompt = 'kite [[text value="up and away"]]';
		const run = await bench().run(openAiChat(prompt, { options, simplify: false }));
		const { json } = run.items(NODE)[0]!;
		expect(json).toMatchObject({
			text: 'up and away',
			provider: 'openAiCompatible',
			reasoning: 'With high effort: the question is "kite", so it is said back.',
			fragments: 3,
			retries: 0,
		});
		expect((json['usage'] as { reasoningTokens: number }).reasoningTokens).toBeGreaterThan(0);
	});

	it.each([true, false])('gives tool calls with their arguments, streamed: %s', async (stream) => {
		const options = { extraBody: { tools: TOOLS, stream } };
		const prompt = 'ask weather and tides';
		const run = await bench().run(openAiChat(prompt, { options, simplify: false }));
		expect(run.items(NODE)[0]?.json).toMatchObject({
			text: '',
			finishReason: 'tool_calls',
			toolCalls: [
				{ id: expect.stringMatching(/^call_/), name: 'weather', arguments: {} },
				{ id: expect.stringMatching(/^call_/), name: 'tides', arguments: { place: prompt } },
			],
		});
	});

	it('says when the answer was cut off at the token limit', async () => {
		const run = await bench().run(openAiChat('kite', { options: { maxTokens: 3 } }));
		const { text, finishReason } = run.items(NODE)[0]!.json;
		expect(String(text).split(' ')).toHaveLength(3);
		expect(finishReason).toBe('length');
	});

	it('says when the content filter ended the answer', async () => {
		const run = await bench().run(openAiChat('kite [[finish reason=content_filter]]'));
		expect(run.items(NODE)[0]?.json['finishReason']).toBe('content_filter');
	});

	it.each(['no-usage', 'no-done', 'crlf', 'bom', 'comments', 'fields', 'no-space', 'gzip'])(
		'gets the whole text from a server with the habit %s',
		async (habit) => {
			const run = await bench().run(openAiChat(`kite [[text value="up and away"]] [[${habit}]]`));
			expect(run.items(NODE)[0]?.json).toMatchObject({ text: 'up and away', finishReason: 'stop' });
			expect('usage' in run.items(NODE)[0]!.json).toBe(habit !== 'no-usage');
		},
	);
});
