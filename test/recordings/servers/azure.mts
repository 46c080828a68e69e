import { DONE, delta, openAiError, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'sends the results of its filter first',
		answers: [
			stream(
				{ choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }] },
				delta({ role: 'assistant', content: '' }),
				text('Hi'),
				delta({}, 'stop', { content_filter_results: {} }),
				DONE,
			),
		],
		reply: { text: 'Hi', finishReason: 'stop' },
	},
	{
		name: 'filters the rest of an answer away',
		answers: [stream(text('Half'), delta({}, 'content_filter'), DONE)],
		reply: { text: 'Half', finishReason: 'content_filter' },
	},
	{
		name: 'filters all of an answer away',
		answers: [stream(delta({ role: 'assistant' }), delta({}, 'content_filter'), DONE)],
		error: { kind: 'refused', message: "The service's content filter blocked the answer" },
	},
	{
		name: 'refuses a prompt',
		answers: [
			openAiError(
				'The response was filtered due to the prompt triggering the content management policy.',
				{ code: 'content_filter', param: 'prompt' },
			),
		],
		error: { kind: 'http', details: { reason: 'moderation' } },
	},
];
