import { expect, test } from 'vitest';

import type { Message } from '../types.ts';
import { buildRequest, chatBody, formatPrompt, imageBody } from './request.ts';

const CONVERSATION: Message[] = [
	{ role: 'system', content: 'Be brief.' },
	{ role: 'user', content: 'Hi!' },
	{ role: 'assistant', content: 'Hi! How are you?' },
	{ role: 'user', content: 'Fine, thanks!' },
];

test('a text is asked for with the whole conversation in one message', () => {
	expect(chatBody(CONVERSATION, {})).toEqual({
		type: 'chat',
		messagesHistory: [
			{
				from: 'you',
				content:
					'System: Be brief.\nUser: Hi!\nAssistant: Hi! How are you?\nUser: Fine, thanks!\nAssistant:',
			},
		],
	});
});

test('a single message is sent as it is', () => {
	const { messagesHistory } = chatBody([{ role: 'user', content: 'Hello' }], {});
	expect(messagesHistory).toEqual([{ from: 'you', content: 'Hello' }]);
});

test('turn by turn, the system message stands in front of the first user turn', () => {
	expect(chatBody(CONVERSATION, { nativeTurns: true }).messagesHistory).toEqual([
		{ from: 'you', content: 'Be brief.\n\nHi!' },
		{ from: 'chatGPT', content: 'Hi! How are you?' },
		{ from: 'you', content: 'Fine, thanks!' },
	]);
});

test('turn by turn, several system messages keep their order', () => {
	const messages: Message[] = [
		{ role: 'system', content: 'One.' },
		{ role: 'assistant', content: 'Hello!' },
		{ role: 'user', content: 'Hi!' },
		{ role: 'system', content: 'Two.' },
	];
	expect(chatBody(messages, { nativeTurns: true }).messagesHistory).toEqual([
		{ from: 'chatGPT', content: 'Hello!' },
		{ from: 'you', content: 'One.\n\nTwo.\n\nHi!' },
	]);
});

test('an image is asked for with the last message only', () => {
	expect(imageBody(CONVERSATION)).toEqual({
		type: 'image',
		messagesHistory: [{ from: 'you', content: 'Fine, thanks!' }],
	});
});

test('without messages the content is empty', () => {
	expect(imageBody([]).messagesHistory).toEqual([{ from: 'you', content: '' }]);
	expect(chatBody([], {}).messagesHistory).toEqual([{ from: 'you', content: '' }]);
});

test('origin is the service’s origin, referer its page, also below a path', () => {
	const endpoint = 'https://a.example/base/chat/send2/';
	const request = buildRequest('https://a.example/base', endpoint, imageBody([]), undefined);
	expect(request.url).toBe(endpoint);
	expect(request.headers).toMatchObject({
		origin: 'https://a.example',
		referer: 'https://a.example/base/image/',
	});
});

test('a conversation is folded as the protocol page shows', () => {
	const prompt = formatPrompt([
		{ role: 'system', content: 'Be brief.' },
		{ role: 'user', content: 'Hi!' },
		{ role: 'assistant', content: 'Hi! How are you?' },
		{ role: 'user', content: 'Fine, thanks!' },
	]);
	expect(prompt).toBe(
		[
			'System: Be brief.',
			'User: Hi!',
			'Assistant: Hi! How are you?',
			'User: Fine, thanks!',
			'Assistant:',
		].join('\n'),
	);
});

test('one message stays as it is, whoever said it', () => {
	expect(formatPrompt([{ role: 'user', content: ' Hello\n' }])).toBe(' Hello\n');
	expect(formatPrompt([{ role: 'system', content: 'Be brief.' }])).toBe('Be brief.');
});

test('no message is the empty string', () => {
	expect(formatPrompt([])).toBe('');
});

test('content of several lines is not changed', () => {
	const prompt = formatPrompt([
		{ role: 'user', content: 'a\nb' },
		{ role: 'user', content: '' },
	]);
	expect(prompt).toBe('User: a\nb\nUser: \nAssistant:');
});
