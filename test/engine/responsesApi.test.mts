import { describe, expect, it } from 'vitest';

import { drawn } from './drawnImage.mts';
import { failureOf } from './failure.mts';
import { model, openAiChat } from './parameters.mts';
import { bodies } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

/** The service has it under /responses alone. */
const PRO = model('gpt-5-pro');
const SCHEMA = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };

describe('Chat with a model that exists only under /responses', () => {
	const bench = useBench();
	const ask = (prompt: string, more: object = {}) => openAiChat(prompt, { ...PRO, ...more });
	const paths = () => bench().service.requests.map(({ path }) => path.replace('/v1', ''));

	it('is told so once a run, and asks there', async () => {
		const items = ['one', 'two', 'three'].map((prompt) => ({ json: { prompt } }));
		const options = { parallelRequests: 1 };
		const run = await bench().run(ask('={{ $json.prompt }}', { options }), items);
		expect(run.items(NODE)).toEqual(
			['one', 'two', 'three'].map((prompt, item) => ({
				json: {
					text: expect.stringContaining(prompt),
					model: 'gpt-5-pro',
					finishReason: 'stop',
					usage: expect.objectContaining({ totalTokens: expect.any(Number), cachedTokens: 0 }),
				},
				pairedItem: { item },
			})),
		);
		expect(paths()).toEqual(['/chat/completions', ...Array<string>(3).fill('/responses')]);
	});

	it('sends the whole request in the shape of that API', async () => {
		const options = { maxTokens: 50, reasoningEffort: 'low', stop: ['END'], temperature: 0.5 };
		const run = await bench().run(ask('a kite', { systemMessage: 'Be brief.', options }));
		expect(bodies(bench()).at(-1)).toEqual({
			model: 'gpt-5-pro',
			store: false,
			stream: true,
			input: [
				{ role: 'system', content: 'Be brief.' },
				{ role: 'user', content: 'a kite' },
			],
			max_output_tokens: 50,
			reasoning: { effort: 'low', summary: 'auto' },
			temperature: 0.5,
		});
		expect(run.hints(NODE).map(({ message }) => message)).toEqual([
			"The model 'gpt-5-pro' does not take 'stop', so it was left out",
		]);
	});

	it('keeps an image that the model drew there, byte for byte', async () => {
		const options = { extraBody: '{"tools":[{"type":"image_generation"}]}' };
		const run = await bench().run(ask('a kite [[size width=48 height=32]]', { options }));
		const [item] = run.items(NODE);
		expect(run.items(NODE)).toHaveLength(1);
		expect(item).toMatchObject({
			json: { images: [{ mimeType: 'image/png', width: 48, height: 32 }] },
			pairedItem: { item: 0 },
		});
		expect(await run.binary(item!, 'image')).toEqual(await drawn('a kite'));
	});

	it('keeps the reasoning apart from the text', async () => {
		const options = { reasoningEffort: 'low' };
		const run = await bench().run(ask('a kite', { simplify: false, options }));
		expect(run.items(NODE)[0]?.json).toMatchObject({
			text: expect.not.stringContaining('With low effort'),
			reasoning: expect.stringContaining('With low effort'),
			usage: { reasoningTokens: expect.any(Number) },
		});
	});

	it('gives JSON by a schema', async () => {
		const format = { responseFormat: 'schema', jsonSchema: JSON.stringify(SCHEMA) };
		const run = await bench().run(ask('a kite', format));
		expect(run.items(NODE)[0]?.json).toMatchObject({ output: { title: expect.any(String) } });
		expect(bodies(bench()).at(-1)).toMatchObject({
			text: { format: { type: 'json_schema', schema: SCHEMA } },
		});
	});

	it('tells that the token limit cut the answer', async () => {
		const options = { maxTokens: 2 };
		const run = await bench().run(ask('a kite in the sky', { options }));
		expect(run.items(NODE)[0]?.json['finishReason']).toBe('length');
	});

	it.each([
		['breaks off', 'cut after=3', { kind: 'truncated', partialText: expect.stringMatching(/\w/) }],
		[
			'is a refusal',
			'refusal',
			{ kind: 'refused', description: expect.stringMatching(/I'm sorry/) },
		],
	])('an answer that %s is an error', async (_, directive, details) => {
		const failure = await failureOf(
			bench(),
			ask(`a kite [[${directive}]]`, { options: { maxRetries: 0 } }),
		);
		expect(failure.details).toMatchObject(details);
	});
});
