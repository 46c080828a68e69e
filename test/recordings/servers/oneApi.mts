import { DONE, delta, openAiError, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'ends with the whole message once more',
		answers: [
			stream(
				text('Hello'),
				{
					choices: [
						{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' },
					],
				},
				DONE,
			),
		],
		reply: { text: 'Hello', finishReason: 'stop' },
	},
	{
		name: 'has no channel for the model',
		answers: [
			openAiError('当前分组 default 下对于模型 x 无可用渠道', { type: 'one_api_error' }, 503),
		],
		error: { kind: 'http', details: { status: 503, reason: 'unknownModel' } },
	},
	{
		name: 'starts with an empty list of choices',
		answers: [
			stream(
				{ choices: [], prompt_filter_results: [] },
				delta({ role: 'assistant' }),
				text('Hi'),
				delta({}, 'stop'),
				DONE,
			),
		],
		reply: { text: 'Hi' },
	},
];
