import { DONE, delta, json, openAiError, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'pings with comments',
		answers: [
			stream(
				': ping - 2026-11-28 08:00:00\n\n',
				delta({ role: 'assistant' }),
				text('Hi'),
				': ping\n\n',
				delta({}, 'stop'),
				DONE,
			),
		],
		reply: { text: 'Hi', finishReason: 'stop' },
	},
	{
		name: 'knows no schemas, and answers without one',
		options: {
			chat: { responseFormat: { type: 'json_schema', name: 'a', schema: { type: 'object' } } },
		},
		answers: [
			json(
				{
					detail: [
						{
							type: 'literal_error',
							loc: ['body', 'response_format', 'type'],
							msg: "Input should be 'text' or 'json_object'",
						},
					],
				},
				422,
			),
			stream(text('{}', 'stop'), DONE),
		],
		reply: { text: '{}' },
	},
	{
		name: 'reports a PDF file as a fault of its own',
		messages: [
			{
				role: 'user',
				content: 'What is it?',
				attachments: [
					{ kind: 'pdf', mimeType: 'application/pdf', fileName: 'a.pdf', content: 'JVBERi0=' },
				],
			},
		],
		answers: [
			openAiError(
				"2 validation errors:\n  {'type': 'string_type', 'msg': 'Input should be a valid string'}\n  {'type': 'literal_error', 'msg': \"Input should be 'text'\", 'input': 'file'}",
				{},
				500,
			),
		],
		error: {
			kind: 'http',
			details: { status: 500, reason: 'input' },
		},
	},
];
