import { describe, expect, it } from 'vitest';

import { model, openAiChat } from './parameters.mts';
import { bodies, conversations } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

describe('Chat with an OpenAI-compatible server', () => {
	const bench = useBench();

	it('turns a prompt into a text item with what it cost', async () => {
		const run = await bench().run(openAiChat('a red kite [[text value="up and away"]]'));
		expect(run.items(NODE)).toEqual([
			{
				json: {
					text: 'up and away',
					model: 'gpt-4o-mini',
					finishReason: 'stop',
					usage: {
						promptTokens: 3,
						completionTokens: 3,
						totalTokens: 6,
						cachedTokens: 0,
						reasoningTokens: 0,
					},
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('asks for a stream, with nothing that was not set', async () => {
		await bench().run(openAiChat('a red kite'));
		expect(bodies(bench())).toEqual([
			{
				model: 'gpt-4o-mini',
				messages: [{ role: 'user', content: 'a red kite' }],
				stream: true,
				stream_options: { include_usage: true },
			},
		]);
		expect(bench().service.requests[0]).toMatchObject({
			path: '/v1/chat/completions',
			headers: { 'user-agent': expect.stringMatching(/^n8n-nodes-aichats /) },
		});
		expect(bench().service.requests[0]?.headers).not.toHaveProperty('authorization');
	});

	it('sends every option under its name on the wire', async () => {
		const options = {
			temperature: 0.5,
			topP: 0.9,
			maxTokens: 50,
			frequencyPenalty: 0.1,
			presencePenalty: -0.2,
			stop: ['END', 'STOP'],
			seed: 42,
			reasoningEffort: 'low',
			extraBody: '{ "top_k": 20, "metadata": { "team": "kites" } }',
		};
		await bench().run(openAiChat('a red kite', { options }));
		expect(bodies(bench())[0]).toEqual({
			model: 'gpt-4o-mini',
			messages: [{ role: 'user', content: 'a red kite' }],
			stream: true,
			stream_options: { include_usage: true },
			temperature: 0.5,
			top_p: 0.9,
			max_tokens: 50,
			frequency_penalty: 0.1,
			presence_penalty: -0.2,
			stop: ['END', 'STOP'],
			seed: 42,
			reasoning_effort: 'low',
			top_k: 20,
			metadata: { team: 'kites' },
		});
	});

	it('lets the extra body win over everything else', async () => {
		const extraBody = '={{ ({ model: $json.other, temperature: 1, stream: false }) }}';
		const options = { temperature: 0, extraBody };
		const run = await bench().run(openAiChat('kite', { ...model('gpt-4'), options }), [
			{ json: { other: 'llama3.2:1b' } },
		]);
		expect(bodies(bench())[0]).toMatchObject({
			model: 'llama3.2:1b',
			temperature: 1,
			stream: false,
		});
		expect(run.items(NODE)[0]?.json['model']).toBe('llama3.2:1b');
	});

	it('keeps the turns of a conversation apart', async () => {
		const values = [
			{ role: 'user', content: 'Hi!' },
			{ role: 'assistant', content: 'Hi! How are you?' },
		];
		const more = {
			systemMessage: 'Be brief.',
			historyInput: 'fields',
			historyMessages: { values },
		};
		await bench().run(openAiChat('Fine, thanks!', more));
		expect(conversations(bench())).toEqual([
			[
				{ role: 'system', content: 'Be brief.' },
				...values,
				{ role: 'user', content: 'Fine, thanks!' },
			],
		]);
	});

	it.each(['list', 'id'])('takes any model by %s', async (mode) => {
		const run = await bench().run(openAiChat('kite', model('qwen2.5:7b-instruct', mode)));
		expect(run.items(NODE)[0]?.json['model']).toBe('qwen2.5:7b-instruct');
		expect(bodies(bench())[0]?.['model']).toBe('qwen2.5:7b-instruct');
	});
});
