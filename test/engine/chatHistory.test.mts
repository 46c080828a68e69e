import { describe, expect, it } from 'vitest';

import { failureOf } from './failure.mts';
import { chat } from './parameters.mts';
import { history } from './sent.mts';
import { useBench } from './useBench.mts';

const TURNS = [
	{ role: 'user', content: 'Hi!' },
	{ role: 'assistant', content: 'Hi! How are you?' },
];

const FOLDED = [
	'System: Be brief.',
	'User: Hi!',
	'Assistant: Hi! How are you?',
	'User: Fine, thanks!',
	'Assistant:',
].join('\n');

const systemMessage = 'Be brief.';
const prompt = 'Fine, thanks!';

const SHAPE = 'role (system, user or assistant)';

describe('A conversation with Ai-Chats', () => {
	const bench = useBench();

	it.each([
		['rows', { historyInput: 'fields', historyMessages: { values: TURNS } }],
		['JSON text', { historyInput: 'json', historyJson: JSON.stringify(TURNS) }],
		['a JSON array', { historyInput: 'json', historyJson: TURNS as never }],
		['an expression', { historyInput: 'json', historyJson: '={{ $json.turns }}' }],
		[
			'an expression that gives text',
			{ historyInput: 'json', historyJson: '={{ JSON.stringify($json.turns) }}' },
		],
	])('arrives folded into one message when the history is %s', async (_, more) => {
		await bench().run(chat(prompt, { systemMessage, ...more }), [{ json: { turns: TURNS } }]);
		expect(history(bench())).toEqual([{ from: 'you', content: FOLDED }]);
	});

	it('folds a system message and a prompt too', async () => {
		await bench().run(chat(prompt, { systemMessage }));
		const content = 'System: Be brief.\nUser: Fine, thanks!\nAssistant:';
		expect(history(bench())).toEqual([{ from: 'you', content }]);
	});

	it('leaves a prompt alone as it is', async () => {
		await bench().run(chat(prompt, { historyInput: 'fields', historyMessages: {} }));
		expect(history(bench())).toEqual([{ from: 'you', content: prompt }]);
	});

	it('sends turn by turn where the user wants that', async () => {
		const more = { historyInput: 'fields', historyMessages: { values: TURNS } };
		const options = { nativeTurns: true };
		const run = await bench().run(chat(prompt, { systemMessage, ...more, options }));
		expect(run.error).toBeUndefined();
		expect(history(bench())).toEqual([
			{ from: 'you', content: 'Be brief.\n\nHi!' },
			{ from: 'chatGPT', content: 'Hi! How are you?' },
			{ from: 'you', content: 'Fine, thanks!' },
		]);
	});

	it.each([
		['[{ "role"', "'Messages (JSON)' is not valid JSON", 'position'],
		['{ "role": "user", "content": "Hi!" }', 'The message history is not an array', SHAPE],
		[
			'[{ "role": "robot", "content": "Hi!" }]',
			'Message 1 of the history has no usable role',
			SHAPE,
		],
		[
			'[{ "role": "user", "content": "Hi!" }, { "role": "user" }]',
			'Message 2 of the history has no usable content',
			SHAPE,
		],
	])('refuses the history %s and asks nobody', async (historyJson, message, advice) => {
		const failure = await failureOf(bench(), chat(prompt, { historyInput: 'json', historyJson }));
		expect(failure.message).toBe(message);
		expect(failure.details).toMatchObject({ kind: 'input', attempts: 0 });
		expect(failure.details.description).toContain(advice);
		expect(bench().service.requests).toEqual([]);
	});
});
