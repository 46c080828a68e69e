import { expect, test } from 'vitest';

import { itemRun } from '../../../test/support/itemRun.mts';
import { type ChatAnswer, chatItem } from './chatItem.ts';

const REPLY: ChatAnswer = {
	model: 'gpt-4',
	text: 'Hello',
	reasoning: '',
	toolCalls: [],
	images: [],
	lost: [],
	revisedPrompts: [],
	failedImages: [],
	notes: [],
	sources: [],
	fragments: 2,
	finishReason: 'stop',
};

test('simplified, it is text, model and finish reason', () => {
	expect(chatItem(itemRun({}, {}, 4), REPLY)).toEqual({
		json: { text: 'Hello', model: 'gpt-4', finishReason: 'stop' },
		pairedItem: { item: 4 },
	});
});

test('the model is the one that the service names', () => {
	const { json } = chatItem(itemRun({}), { ...REPLY, model: 'gpt-4-0613' });
	expect(json['model']).toBe('gpt-4-0613');
});

test('an answer without a finish reason has null', () => {
	const reply = { ...REPLY };
	delete reply.finishReason;
	expect(chatItem(itemRun({}), reply).json['finishReason']).toBeNull();
});

test('output and usage are there when the answer has them', () => {
	const reply = { ...REPLY, output: { a: 1 }, usage: { totalTokens: 3 } };
	expect(chatItem(itemRun({}), reply).json).toMatchObject({
		output: { a: 1 },
		usage: { totalTokens: 3 },
	});
});

test('the sources of an answer come with it', () => {
	const sources = [{ url: 'https://a.example', title: 'A' }];
	expect(chatItem(itemRun({}), { ...REPLY, sources }).json).toMatchObject({ sources });
	expect(chatItem(itemRun({}), REPLY).json).not.toHaveProperty('sources');
});

test('how likely the tokens were shows only when not simplified', () => {
	const reply = { ...REPLY, logprobs: [{ token: 'Hello', logprob: -0.5 }] };
	expect(chatItem(itemRun({}), reply).json).not.toHaveProperty('logprobs');
	expect(chatItem(itemRun({ simplify: false }), reply).json).toMatchObject({
		logprobs: reply.logprobs,
	});
});

test('not simplified, it tells the rest too', () => {
	const toolCalls = [
		{ id: 'a', name: 'add', arguments: '{"x":1}' },
		{ id: 'b', name: 'odd', arguments: '{"x"' },
	];
	const { json } = chatItem(itemRun({ simplify: false }), { ...REPLY, toolCalls });
	expect(json).toMatchObject({
		text: 'Hello',
		provider: 'aiChats',
		reasoning: null,
		fragments: 2,
		retries: 0,
		toolCalls: [
			{ id: 'a', name: 'add', arguments: { x: 1 } },
			{ id: 'b', name: 'odd', arguments: '{"x"' },
		],
	});
});
