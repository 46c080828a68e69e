import { expect, it } from 'vitest';

import { collectReply } from '../../../providers/collectReply.ts';
import { saying } from '../aiChats/ask.mts';
import { describeThroughBoth } from '../bothTransports.mts';
import { chunksOf } from '../outcome.mts';
import { ACCESS, chat, KEY, openAi } from './ask.mts';

const TEXT = 'Grüße  世界 🌍\nEnde.';
const QUIRKS = ['crlf', 'cr', 'bom', 'comments', 'fields', 'empty-data', 'no-space', 'gzip'];
const PLAIN = { extraBody: { stream: false, stream_options: undefined } };
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } };

describeThroughBoth('OpenAI-compatible chat', { access: ACCESS }, (reach) => {
	it.each([...QUIRKS, 'no-done', 'no-usage'])('%s does not harm the text', async (quirk) => {
		const outcome = await chat(reach, saying(TEXT, quirk));
		expect(outcome.error).toBeUndefined();
		expect(outcome.text).toBe(TEXT);
		expect(chunksOf(outcome, 'finish')).toEqual([{ type: 'finish', reason: 'stop' }]);
	});

	it.each(QUIRKS.flatMap((quirk) => [1, 3, 5].map((bytes) => ({ quirk, bytes }))))(
		'$quirk, split every $bytes bytes',
		async ({ quirk, bytes }) => {
			const { text, error } = await chat(reach, saying(TEXT, quirk, `drip bytes=${bytes}`));
			expect(error).toBeUndefined();
			expect(text).toBe(TEXT);
		},
	);

	it.each([
		['streamed', {}],
		['plain', PLAIN],
	])('%s, with its model and usage', async (_, options) => {
		const outcome = await chat(reach, saying('Hello you'), options);
		expect(outcome.text).toBe('Hello you');
		expect(chunksOf(outcome, 'model')).toEqual([{ type: 'model', model: 'gpt-4o-mini' }]);
		expect(chunksOf(outcome, 'usage')[0]?.usage).toMatchObject({
			completionTokens: 3,
			reasoningTokens: 0,
			totalTokens: expect.any(Number),
		});
		expect(reach.service.requests.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`);
	});

	it.each([
		['streamed', {}],
		['plain', PLAIN],
	])('%s reasoning is kept apart from the text', async (_, options) => {
		const prompt = saying('Hello');
		const outcome = await chat(reach, prompt, { chat: { reasoningEffort: 'low' }, ...options });
		const reasoning = chunksOf(outcome, 'reasoning').map(({ text }) => text);
		expect(reasoning.join('')).toContain('With low effort');
		expect(outcome.text).toContain('Hello');
		expect(chunksOf(outcome, 'usage')[0]?.usage.reasoningTokens).toBeGreaterThan(0);
	});

	it.each([
		['streamed in fragments', {}],
		['plain', PLAIN],
	])('two tool calls, %s', async (_, options) => {
		const tools = ['get_weather', 'get_time'].map((name) => ({ name, parameters: PARAMETERS }));
		const content = 'get_weather and get_time';
		const { toolCalls, finishReason } = await reach.use(async (transport) => {
			const messages = [{ role: 'user' as const, content }];
			const all = { chat: { tools }, ...options };
			return await collectReply(
				openAi(reach, transport).createAsyncGenerator('gpt-4o-mini', messages, all),
			);
		});
		expect(finishReason).toBe('tool_calls');
		expect(toolCalls.map(({ name, arguments: text }) => [name, JSON.parse(text)])).toEqual([
			['get_weather', { city: content }],
			['get_time', { city: content }],
		]);
		expect(new Set(toolCalls.map(({ id }) => id)).size).toBe(2);
	});

	it.each(['stream', 'stream-options', 'stream]][[refuse-stream-options'])(
		'a server that refuses %s is asked in another way',
		async (field) => {
			const { text, error } = await chat(reach, saying('Hello you', `refuse-${field}`));
			expect(error).toBeUndefined();
			expect(text).toBe('Hello you');
		},
	);

	it('lists the models, those that draw first for images', async () => {
		const [chats, draws] = await reach.use(async (transport) => {
			const provider = openAi(reach, transport);
			return [await provider.listModels('chat'), await provider.listModels('image')];
		});
		expect(chats).toContain('llama3.2:1b');
		expect(draws?.slice(0, 3)).toEqual(['dall-e-3', 'flux-schnell', 'gpt-image-2']);
	});
});
