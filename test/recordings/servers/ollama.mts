import {
	DONE,
	completion,
	delta,
	json,
	openAiError,
	stream,
	text,
	type Recording,
} from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'calls reasoning so',
		answers: [
			stream(
				delta({ role: 'assistant', content: '', reasoning: 'Hm' }),
				text('Yes'),
				text('', 'stop'),
				DONE,
			),
		],
		reply: { reasoning: 'Hm', text: 'Yes', finishReason: 'stop' },
	},
	{
		name: 'fails in mid-stream with an empty delta and nothing more',
		answers: [stream(text('Half'), text(''))],
		error: { kind: 'truncated', details: { partialText: 'Half' } },
	},
	{
		name: 'dies with a bare line',
		answers: [
			stream(
				text('Half'),
				'{"error":"an error was encountered while running the model: unexpected EOF"}\n',
			),
		],
		error: {
			kind: 'http',
			details: {
				serviceMessage: 'an error was encountered while running the model: unexpected EOF',
			},
		},
	},
	{
		name: 'does not have the model',
		answers: [
			openAiError(
				"model 'llama9' not found",
				{ type: 'not_found_error', param: null, code: null },
				404,
			),
		],
		error: { kind: 'http', details: { status: 404, serviceMessage: "model 'llama9' not found" } },
	},
	{
		name: 'sends whole calls, each with the index 0',
		answers: [
			json(
				completion(
					{
						content: '',
						tool_calls: [
							{
								id: 'call_a',
								index: 0,
								type: 'function',
								function: { name: 'f', arguments: '{"x":1}' },
							},
							{
								id: 'call_b',
								index: 0,
								type: 'function',
								function: { name: 'f', arguments: '{"x":2}' },
							},
						],
					},
					'tool_calls',
				),
			),
		],
		reply: {
			toolCalls: [
				{ id: 'call_a', name: 'f', arguments: '{"x":1}' },
				{ id: 'call_b', name: 'f', arguments: '{"x":2}' },
			],
		},
	},
	{
		name: 'answers with nothing where a model that writes is to draw',
		options: { image: {} },
		answers: [{ headers: { 'content-type': 'application/x-ndjson' }, body: '' }],
		error: { kind: 'protocol', message: 'The service sent an empty answer instead of an image' },
	},
];
