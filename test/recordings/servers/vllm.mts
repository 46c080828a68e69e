import { DONE, delta, json, openAiError, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'reports a failure in mid-stream as data',
		answers: [
			stream(
				text('Half'),
				{
					error: {
						object: 'error',
						message: 'Engine died',
						type: 'InternalServerError',
						code: 500,
					},
				},
				DONE,
			),
		],
		error: { kind: 'http', details: { serviceMessage: 'Engine died', partialText: 'Half' } },
	},
	{
		name: 'is aborted',
		answers: [stream(text('Half'), text('', 'abort'), DONE)],
		error: {
			kind: 'truncated',
			message: 'The service broke the answer off',
			details: { partialText: 'Half' },
		},
	},
	{
		name: 'puts the whole answer into the reasoning',
		answers: [
			stream(
				delta({ reasoning_content: 'The answer is 4.', content: null }),
				delta({}, 'stop'),
				DONE,
			),
		],
		error: {
			kind: 'protocol',
			message: 'The model only reasoned and gave no answer',
			details: { partialText: 'The answer is 4.' },
		},
	},
	{
		name: 'sends reasoning under two names',
		answers: [
			stream(delta({ reasoning: 'Hm', reasoning_content: 'Hm' }), text('Yes', 'stop'), DONE),
		],
		reply: { reasoning: 'Hm', text: 'Yes' },
	},
	{
		name: 'does not have the model',
		answers: [
			openAiError(
				'The model `x` does not exist.',
				{ type: 'NotFoundError', param: 'model', code: 404 },
				404,
			),
		],
		error: { kind: 'http', details: { status: 404, parameter: 'model' } },
	},
	{
		name: 'cannot guide a schema, and answers without it',
		options: {
			chat: { responseFormat: { type: 'json_schema', name: 'a', schema: { type: 'object' } } },
		},
		answers: [
			openAiError('The provided JSON schema contains features not supported by xgrammar.', {
				code: 400,
			}),
			stream(text('{}', 'stop'), DONE),
		],
		reply: { text: '{}' },
	},
	{
		name: 'of a Gemma model takes no system role',
		messages: [
			{ role: 'system', content: 'Be brief.' },
			{ role: 'user', content: 'Hello' },
		],
		answers: [
			json(
				{
					object: 'error',
					message: 'System role not supported',
					type: 'BadRequestError',
					code: 400,
				},
				400,
			),
			stream(text('Hi', 'stop'), DONE),
		],
		reply: { text: 'Hi' },
	},
];
