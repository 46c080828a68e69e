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
		name: 'streams a first chunk with null content, and timings beside the usage',
		answers: [
			stream(
				delta({ role: 'assistant', content: null }, null, { model: 'qwen' }),
				text('Hi '),
				text('there'),
				delta({}, 'stop'),
				{
					choices: [],
					usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
					timings: { predicted_ms: 9 },
				},
				DONE,
			),
		],
		reply: {
			text: 'Hi there',
			model: 'qwen',
			finishReason: 'stop',
			usage: { promptTokens: 3, completionTokens: 2, totalTokens: 5 },
		},
	},
	{
		name: 'tells reasoning apart',
		answers: [
			stream(
				delta({ reasoning_content: 'Hm, ' }),
				delta({ reasoning_content: 'well.' }),
				text('Yes'),
				delta({}, 'stop'),
				DONE,
			),
		],
		reply: { reasoning: 'Hm, well.', text: 'Yes' },
	},
	{
		name: 'ends in its thinking',
		answers: [stream(delta({ reasoning_content: 'Hm' }), delta({}, 'stop'), DONE)],
		error: {
			kind: 'protocol',
			message: 'The model only reasoned and gave no answer',
			details: { partialText: 'Hm' },
		},
	},
	{
		name: 'uses the limit up by thinking',
		answers: [stream(delta({ reasoning_content: 'Hm' }), delta({}, 'length'), DONE)],
		error: { kind: 'refused', message: 'The token limit was used up before the answer began' },
	},
	{
		name: 'writes the arguments of a call in pieces',
		answers: [
			stream(
				call('', { id: 'x1' }, 'weather'),
				call('{"city":'),
				call('"Oslo"}'),
				delta({}, 'tool_calls'),
				DONE,
			),
		],
		reply: { toolCalls: [{ id: 'x1', name: 'weather', arguments: '{"city":"Oslo"}' }] },
	},
	{
		name: 'cuts a call at the limit',
		answers: [stream(call('{ "n":', { id: 'x1' }, 'count'), delta({}, 'length'), DONE)],
		error: {
			kind: 'truncated',
			message: 'The token limit cut a tool call',
		},
	},
	{
		name: 'reports a failure in a field of the stream, and then its end',
		answers: [
			stream(
				text('It is su'),
				'error: {"code":500,"message":"Context size has been exceeded.","type":"server_error"}\n\n',
				DONE,
			),
		],
		error: {
			kind: 'http',
			details: { serviceMessage: 'Context size has been exceeded.', partialText: 'It is su' },
		},
	},
	{
		name: 'says that the prompt is too long',
		answers: [
			openAiError('the request exceeds the available context size', {
				code: 400,
				type: 'exceed_context_size_error',
				n_ctx: 512,
			}),
		],
		error: {
			kind: 'http',
			details: { status: 400, serviceMessage: 'the request exceeds the available context size' },
		},
	},
	{
		name: 'cannot build a grammar, and answers without one',
		options: {
			chat: { responseFormat: { type: 'json_schema', name: 'a', schema: { type: 'object' } } },
		},
		answers: [
			openAiError('Unable to generate parser for this template.'),
			stream(text('{}', 'stop'), DONE),
		],
		reply: { text: '{}' },
	},
	{
		name: 'has no image input',
		answers: [
			json(
				{ error: { code: 500, message: 'image input is not supported', type: 'server_error' } },
				500,
			),
		],
		error: {
			kind: 'http',
			details: { status: 500, serviceMessage: 'image input is not supported' },
		},
	},
];
