import { DONE, delta, json, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'fails with the status 200',
		answers: [json({ choices: null, base_resp: { status_code: 1004, status_msg: 'login fail' } })],
		error: { kind: 'http', details: { serviceMessage: 'login fail' } },
	},
	{
		name: 'sends empty texts for nothing',
		answers: [
			stream(
				delta({ role: '', content: 'Hi' }, '', { base_resp: { status_code: 0, status_msg: '' } }),
				delta({ role: '', content: '' }, 'stop'),
				DONE,
			),
		],
		reply: { text: 'Hi', finishReason: 'stop' },
	},
	{
		name: 'fails within a stream',
		answers: [
			stream(text('Half'), {
				choices: null,
				base_resp: { status_code: 1000, status_msg: 'unknown error' },
			}),
		],
		error: { kind: 'http', details: { serviceMessage: 'unknown error', partialText: 'Half' } },
	},
];
