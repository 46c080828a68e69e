import { describe, expect, it } from 'vitest';

import { chat, model } from './parameters.mts';
import { bodies, history } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

describe('Chat with Ai-Chats', () => {
	const bench = useBench();

	it('turns a prompt into a text item with its lineage', async () => {
		const run = await bench().run(chat('a red kite'));
		expect(run.status).toBe('success');
		expect(run.items(NODE)).toEqual([
			{
				json: { text: expect.stringContaining('a red kite'), model: 'gpt-4', finishReason: 'stop' },
				pairedItem: { item: 0 },
			},
		]);
	});

	it('asks as the protocol page says, and says honestly who it is', async () => {
		await bench().run(chat('a red kite'));
		const [request, ...others] = bench().service.requests;
		expect(others).toEqual([]);
		expect(request).toMatchObject({
			method: 'POST',
			path: '/chat/send2/',
			body: { type: 'chat', messagesHistory: [{ from: 'you', content: 'a red kite' }] },
			headers: {
				accept: 'application/json, text/event-stream',
				'content-type': 'application/json',
				origin: bench().service.url,
				referer: `${bench().service.url}/chat/`,
				'user-agent': expect.stringMatching(/^n8n-nodes-aichats /),
			},
		});
		expect(request?.headers).not.toHaveProperty('cookie');
	});

	it('keeps the order of many items, each with its own answer and lineage', async () => {
		const names = Array.from({ length: 12 }, (_, index) => `kite ${index}.`);
		// The first ones answer last.
		const items = names.map((name, index) => ({ json: { name, wait: (12 - index) * 5 } }));
		const run = await bench().run(chat('={{ $json.name }} [[latency ms={{ $json.wait }}]]'), items);
		const texts = run.items(NODE).map(({ json }) => json['text'] as string);
		expect(texts.map((text) => names.find((name) => text.includes(name)))).toEqual(names);
		expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
			names.map((_, item) => ({ item })),
		);
	});

	it('resolves expressions in every field for each item', async () => {
		const parameters = chat('={{ $json.prompt }}', {
			model: { __rl: true, mode: 'id', value: '={{ $json.model }}' },
			systemMessage: '={{ $json.system }}',
			historyInput: 'fields',
			historyMessages: { values: [{ role: '={{ $json.role }}', content: '={{ $json.said }}' }] },
			simplify: '={{ $json.simplify }}',
			options: { nativeTurns: '={{ $json.separately }}' },
		});
		const common = { model: 'gpt-4', system: 'Be brief.', said: 'Hi!' };
		const run = await bench().run(parameters, [
			{ json: { ...common, prompt: 'one', role: 'user', simplify: true, separately: false } },
			{ json: { ...common, prompt: 'two', role: 'assistant', simplify: false, separately: true } },
		]);
		const sent = bodies(bench()).map(({ messagesHistory }) => messagesHistory);
		expect(sent).toContainEqual([
			{ from: 'you', content: 'System: Be brief.\nUser: Hi!\nUser: one\nAssistant:' },
		]);
		expect(sent).toContainEqual([
			{ from: 'chatGPT', content: 'Hi!' },
			{ from: 'you', content: 'Be brief.\n\ntwo' },
		]);
		expect(run.error).toBeUndefined();
		expect(run.items(NODE).map(({ json }) => 'provider' in json)).toEqual([false, true]);
	});

	it.each([
		['from the list', model('gpt-4', 'list')],
		['by its ID', model('gpt-4')],
		['by its ID with white space around it', model(' gpt-4\n')],
		['that an expression leaves empty, which means the default', model('={{ $json.missing }}')],
	])('takes a model %s', async (_, chosen) => {
		const run = await bench().run(chat('a red kite', chosen));
		expect(run.items(NODE)[0]?.json).toMatchObject({ model: 'gpt-4' });
		expect(history(bench())).toEqual([{ from: 'you', content: 'a red kite' }]);
	});

	it.each([
		['a number', '={{ 42 }}', '42'],
		['an object', '={{ ({ a: [1] }) }}', '{"a":[1]}'],
		['a text with line breaks', 'one\ntwo', 'one\ntwo'],
		['signs of many scripts', 'Ünï — 漢字 — 🪁', 'Ünï — 漢字 — 🪁'],
	])('sends a prompt that is %s', async (_, prompt, content) => {
		await bench().run(chat(prompt));
		expect(history(bench())).toEqual([{ from: 'you', content }]);
	});

	it('tells everything there is to know where the answer is not to be simplified', async () => {
		const prompt = 'kite [[text value="up and away"]] [[status code=503 times=1]]';
		const run = await bench().run(chat(prompt, { simplify: false, options: { maxRetryDelay: 0 } }));
		expect(run.items(NODE)).toEqual([
			{
				json: {
					text: 'up and away',
					model: 'gpt-4',
					finishReason: 'stop',
					provider: 'aiChats',
					reasoning: null,
					toolCalls: [],
					fragments: 3,
					retries: 1,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(run.hints(NODE)).toEqual([
			expect.objectContaining({ message: 'Retried 1 request for 1 of 1 item' }),
		]);
	});

	it.each([
		'crlf',
		'cr',
		'bom',
		'comments',
		'fields',
		'empty-data',
		'done',
		'no-space',
		'split-newline',
		'gzip',
		'drip bytes=1',
	])('reads the same text out of a stream with %s', async (quirk) => {
		const text = 'First line — 漢字,  two spaces.\nSecond line 🪁';
		const value = JSON.stringify(text);
		const run = await bench().run(chat(`kite [[text value=${value}]] [[${quirk}]]`));
		expect(run.items(NODE)[0]?.json['text']).toBe(text);
	});
});
