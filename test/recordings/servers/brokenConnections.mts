import { DONE, delta, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'lose nothing after the reason for the end',
		answers: [{ ...stream(text('Whole'), delta({}, 'stop')), breaks: true }],
		reply: { text: 'Whole', finishReason: 'stop' },
	},
	{
		name: 'before it cut the answer',
		answers: [{ ...stream(text('Half')), breaks: true }],
		error: { kind: 'truncated', details: { partialText: 'Half' } },
	},
	{
		name: 'after the end mark do not matter',
		answers: [{ ...stream(text('Whole'), DONE), breaks: true }],
		reply: { text: 'Whole' },
	},
];
