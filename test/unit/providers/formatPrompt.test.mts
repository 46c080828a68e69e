import { expect, test } from 'vitest';

import { formatPrompt } from '../../../providers/formatPrompt.ts';

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
