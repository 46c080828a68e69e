import { DONE, delta, openAiError, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'puts the usage into the choice',
		answers: [
			stream(
				text('Hi'),
				{
					choices: [
						{
							index: 0,
							delta: {},
							finish_reason: 'stop',
							usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cached_tokens: 1 },
						},
					],
				},
				DONE,
			),
		],
		reply: {
			text: 'Hi',
			usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3, cachedTokens: 1 },
		},
	},
	{
		name: 'misses the reasoning of a call, and takes a blank where it is not known',
		messages: [
			{ role: 'user', content: 'Hello' },
			{ role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
			{ role: 'tool', toolCallId: 'a', content: '1' },
		],
		answers: [
			openAiError(
				'thinking is enabled but reasoning_content is missing in assistant tool call message at index 1',
			),
			stream(text('Hi', 'stop'), DONE),
		],
		reply: { text: 'Hi' },
	},
	{
		name: 'thinks before it answers',
		answers: [stream(delta({ reasoning_content: 'Hm' }), text('Hi', 'stop'), DONE)],
		reply: { text: 'Hi', reasoning: 'Hm' },
	},
];
