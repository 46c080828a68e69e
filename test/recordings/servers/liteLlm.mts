import { completion, json, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'tells the cost in the head',
		answers: [
			{
				headers: { 'content-type': 'application/json', 'x-litellm-response-cost': '3.5e-05' },
				body: JSON.stringify(completion({ content: 'Hi' }, 'stop', { usage: { total_tokens: 3 } })),
			},
		],
		reply: { text: 'Hi', usage: { totalTokens: 3, cost: 0.000035 } },
	},
	{
		name: 'passes the images of Gemini on',
		answers: [
			json(
				completion(
					{
						content: null,
						images: [{ image_url: { url: 'data:image/png;base64,QQ==' }, index: 0 }],
					},
					'stop',
				),
			),
		],
		reply: { text: '', images: [{ images: ['data:image/png;base64,QQ=='], alt: 'Hello' }] },
	},
];
