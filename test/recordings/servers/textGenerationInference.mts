import { DONE, plain, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'knows another shape of formats, and says so in plain text',
		options: {
			chat: { responseFormat: { type: 'json_schema', name: 'a', schema: { type: 'object' } } },
		},
		answers: [
			plain(
				'Failed to deserialize the JSON body into the target type: response_format: unknown variant `json_schema`',
				422,
			),
			stream(text('{}', 'stop'), DONE),
		],
		reply: { text: '{}' },
	},
	{
		name: 'fails in mid-stream',
		answers: [
			stream(
				text('Half'),
				{ error: { message: 'Request failed during generation', http_status_code: 500 } },
				DONE,
			),
		],
		error: {
			kind: 'http',
			details: { serviceMessage: 'Request failed during generation', partialText: 'Half' },
		},
	},
];
