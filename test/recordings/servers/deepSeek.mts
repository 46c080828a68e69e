import { DONE, delta, openAiError, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'keeps the connection open with comments, and counts its cache',
		answers: [
			stream(
				': keep-alive\n\n',
				delta({ role: 'assistant', content: null, reasoning_content: 'Hm' }),
				delta({ content: 'Hi', reasoning_content: null }),
				{
					...text('', 'stop'),
					usage: { total_tokens: 9, prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 2 },
				},
				DONE,
			),
		],
		reply: { text: 'Hi', reasoning: 'Hm', usage: { totalTokens: 9, cachedTokens: 4 } },
	},
	{
		name: 'runs out of resources',
		answers: [stream(text('Half'), text('', 'insufficient_system_resource'), DONE)],
		error: { kind: 'truncated', details: { partialText: 'Half' } },
	},
	{
		name: 'wants the reasoning of a tool turn back',
		messages: [
			{ role: 'user', content: 'Hello' },
			{
				role: 'assistant',
				content: '',
				reasoning: 'Hm',
				toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }],
			},
			{ role: 'tool', toolCallId: 'a', content: '1' },
		],
		answers: [
			openAiError('The `reasoning_content` in the thinking mode must be passed back to the API.', {
				type: 'invalid_request_error',
			}),
			stream(text('Hi', 'stop'), DONE),
		],
		reply: { text: 'Hi' },
	},
	{
		name: 'has no balance',
		answers: [
			openAiError(
				'Insufficient Balance',
				{ type: 'unknown_error', code: 'invalid_request_error' },
				402,
			),
		],
		error: { kind: 'quota', details: { status: 402, serviceMessage: 'Insufficient Balance' } },
	},
];
