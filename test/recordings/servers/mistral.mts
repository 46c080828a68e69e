import { DONE, delta, json, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'thinks in parts of the content',
		answers: [
			stream(
				delta({
					role: 'assistant',
					content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }],
				}),
				delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: ', well.' }] }] }),
				delta({ content: [{ type: 'text', text: 'Yes' }] }),
				text('.', 'stop'),
				DONE,
			),
		],
		reply: { reasoning: 'Hm, well.', text: 'Yes.' },
	},
	{
		name: 'forbids a field, which is then sent in another way',
		answers: [
			json(
				{
					object: 'error',
					message: {
						detail: [
							{
								type: 'extra_forbidden',
								loc: ['body', 'stream_options'],
								msg: 'Extra inputs are not permitted',
							},
						],
					},
				},
				422,
			),
			stream(text('Hi', 'stop'), DONE),
		],
		reply: { text: 'Hi' },
	},
];
