import { DONE, delta, json, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'puts the usage into a field of its own',
		answers: [
			stream(
				text('Hi', null, { x_groq: { id: 'req_1' } }),
				delta({}, 'stop', { x_groq: { usage: { total_tokens: 3 } } }),
				DONE,
			),
		],
		reply: { text: 'Hi', usage: { totalTokens: 3 } },
	},
	{
		name: 'rejects what the model wrote, and quotes it',
		options: { chat: { responseFormat: { type: 'json_object' } } },
		answers: [
			json(
				{
					error: {
						message: "Failed to generate JSON. See 'failed_generation'.",
						type: 'invalid_request_error',
						code: 'json_validate_failed',
						failed_generation: '{"a":',
					},
				},
				400,
			),
		],
		error: { kind: 'http', details: { failedGeneration: '{"a":' } },
	},
	{
		name: 'has no schemas for the model, and answers without one',
		options: {
			chat: { responseFormat: { type: 'json_schema', name: 'a', schema: { type: 'object' } } },
		},
		answers: [
			json(
				{
					error: {
						message: 'This model does not support response format `json_schema`.',
						param: 'response_format',
					},
				},
				400,
			),
			stream(text('{}', 'stop'), DONE),
		],
		reply: { text: '{}' },
	},
];
