import {
	DONE,
	call,
	delta,
	json,
	openAiError,
	stream,
	text,
	type Recording,
} from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'says stop after a call, and wants its signature back',
		answers: [
			stream(
				call(
					'{"city":"Oslo"}',
					{ id: 'function-call-1', extra_content: { google: { thought_signature: 'c2ln' } } },
					'weather',
				),
				delta({ role: 'assistant' }, 'stop'),
				DONE,
			),
		],
		reply: {
			finishReason: 'stop',
			toolCalls: [
				{
					id: 'function-call-1',
					name: 'weather',
					arguments: '{"city":"Oslo"}',
					extra: { extra_content: { google: { thought_signature: 'c2ln' } } },
				},
			],
		},
	},
	{
		name: 'reports errors in a list',
		answers: [
			json(
				[{ error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } }],
				400,
			),
		],
		error: { kind: 'http', details: { status: 400, serviceMessage: 'API key not valid.' } },
	},
	{
		name: 'refuses fields of a schema, and answers without it',
		options: {
			chat: {
				responseFormat: {
					type: 'json_schema',
					name: 'a',
					schema: { type: 'object', additionalProperties: false },
				},
			},
		},
		answers: [
			json(
				[
					{
						error: {
							code: 400,
							message:
								'Invalid JSON payload received. Unknown name "additionalProperties" at \'generation_config.response_schema\': Cannot find field.',
							status: 'INVALID_ARGUMENT',
						},
					},
				],
				400,
			),
			stream(text('{}', 'stop'), DONE),
		],
		reply: { text: '{}' },
	},
	{
		name: 'is cut by its safety filter',
		answers: [stream(text('Half'), text('', 'content_filter: SAFETY'), DONE)],
		reply: { text: 'Half', finishReason: 'content_filter' },
	},
	{
		name: 'names the limit in words of its own',
		answers: [stream(delta({}, 'MAX_TOKENS'), DONE)],
		error: { kind: 'refused', message: 'The token limit was used up before the answer began' },
	},
	{
		name: 'misses the signature of a call of another run, and takes a stand-in',
		messages: [
			{ role: 'user', content: 'Hello' },
			{ role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
			{ role: 'tool', toolCallId: 'a', content: '1' },
		],
		answers: [
			openAiError('Function call is missing a thought_signature in functionCall parts.'),
			stream(text('Hi', 'stop'), DONE),
		],
		reply: { text: 'Hi' },
	},
];
