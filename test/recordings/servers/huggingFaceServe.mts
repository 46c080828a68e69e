import { json, plain, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'ends with the usage in the last chunk, and no end mark',
		answers: [
			stream(
				{ choices: [{ index: 0, delta: { role: 'assistant' } }], model: 'tiny@main' },
				{ choices: [{ index: 0, delta: { content: 'Hi' } }] },
				{
					...text('', 'length'),
					usage: { prompt_tokens: 1, completion_tokens: 5, total_tokens: 6 },
				},
			),
		],
		reply: {
			text: 'Hi',
			model: 'tiny@main',
			finishReason: 'length',
			usage: { promptTokens: 1, completionTokens: 5, totalTokens: 6 },
		},
	},
	{
		name: 'refuses unknown fields',
		answers: [json({ detail: "Unexpected fields in the request: {'top_k'}" }, 422)],
		error: {
			kind: 'http',
			details: { status: 422, serviceMessage: "Unexpected fields in the request: {'top_k'}" },
		},
	},
	{
		name: 'fails with plain text',
		answers: [plain('Internal Server Error', 500)],
		error: { kind: 'http', details: { status: 500, serviceMessage: 'Internal Server Error' } },
	},
];
