import { DONE, json, openAiError, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'knows only schemas, and answers plain JSON without a format',
		options: { chat: { responseFormat: { type: 'json_object' } } },
		answers: [
			json({ error: "'response_format.type' must be 'json_schema' or 'text'" }, 400),
			stream(text('{}', 'stop'), DONE),
		],
		reply: { text: '{}' },
	},
	{
		name: 'has a template without a system role',
		messages: [
			{ role: 'system', content: 'Be brief.' },
			{ role: 'user', content: 'Hello' },
		],
		answers: [
			openAiError('Error rendering prompt with jinja template: "System role not supported".'),
			stream(text('Hi', 'stop'), DONE),
		],
		reply: { text: 'Hi' },
	},
	{
		name: 'reports a failure as an event of that name',
		answers: [
			stream(text('Half'), 'event: error\ndata: {"error":{"message":"The model has crashed"}}\n\n'),
		],
		error: {
			kind: 'http',
			details: { serviceMessage: 'The model has crashed', partialText: 'Half' },
		},
	},
];
