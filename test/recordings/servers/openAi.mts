import {
	DONE,
	call,
	completion,
	delta,
	json,
	openAiError,
	stream,
	text,
	type Recording,
} from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'streams several calls, each under its index',
		answers: [
			stream(
				call('', { index: 0, id: 'call_a' }, 'f'),
				call('{"x"', { index: 0 }),
				call('', { index: 1, id: 'call_b' }, 'g'),
				call(':1}', { index: 0 }),
				call('{}', { index: 1 }),
				delta({}, 'tool_calls'),
				DONE,
			),
		],
		reply: {
			toolCalls: [
				{ id: 'call_a', name: 'f', arguments: '{"x":1}' },
				{ id: 'call_b', name: 'g', arguments: '{}' },
			],
		},
	},
	{
		name: 'declines to answer',
		answers: [
			stream(
				delta({ role: 'assistant', refusal: 'I am ' }),
				delta({ refusal: 'sorry.' }),
				delta({}, 'stop'),
				DONE,
			),
		],
		error: { kind: 'refused', details: { serviceMessage: 'I am sorry.' } },
	},
	{
		name: 'sends likelihoods where they are asked for',
		options: { extraBody: { logprobs: true } },
		answers: [
			json({
				choices: [
					{
						index: 0,
						message: { content: 'Hi' },
						logprobs: { content: [{ token: 'Hi', logprob: -0.5 }] },
						finish_reason: 'stop',
					},
				],
			}),
		],
		reply: { text: 'Hi', logprobs: [{ token: 'Hi', logprob: -0.5 }] },
	},
	{
		name: 'refuses the older name of the token limit for a reasoning model',
		options: { chat: { maxTokens: 5 } },
		answers: [
			openAiError(
				"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
				{ param: 'max_tokens', code: 'unsupported_parameter' },
			),
			stream(text('Hi', 'stop'), DONE),
		],
		reply: { text: 'Hi' },
	},
	{
		name: 'sends two choices, of which the first counts',
		options: { extraBody: { n: 2 } },
		answers: [
			stream(
				{ choices: [{ index: 0, delta: { content: 'The cat' } }] },
				{ choices: [{ index: 1, delta: { content: 'A dog' } }] },
				{ choices: [{ index: 0, delta: { content: ' sat' }, finish_reason: 'stop' }] },
				{ choices: [{ index: 1, delta: { content: ' ran' }, finish_reason: 'stop' }] },
				DONE,
			),
		],
		reply: { text: 'The cat sat' },
	},
	{
		name: 'counts cached and reasoning tokens',
		answers: [
			json(
				completion({ content: 'Hi' }, 'stop', {
					usage: {
						prompt_tokens: 9,
						completion_tokens: 8,
						total_tokens: 17,
						prompt_tokens_details: { cached_tokens: 4 },
						completion_tokens_details: { reasoning_tokens: 7 },
					},
				}),
			),
		],
		reply: {
			usage: {
				promptTokens: 9,
				completionTokens: 8,
				totalTokens: 17,
				cachedTokens: 4,
				reasoningTokens: 7,
			},
		},
	},
];
