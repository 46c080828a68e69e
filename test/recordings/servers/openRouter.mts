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
		name: 'keeps the connection open with comments, and tells the cost',
		answers: [
			stream(
				': OPENROUTER PROCESSING\n\n',
				': OPENROUTER PROCESSING\n\n',
				delta(
					{
						role: 'assistant',
						content: '',
						reasoning: 'Hm',
						reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }],
					},
					null,
					{ provider: 'X', model: 'a/b' },
				),
				text('Hi', 'stop'),
				{
					choices: [],
					usage: {
						prompt_tokens: 9,
						completion_tokens: 1,
						total_tokens: 10,
						cost: 0.0004,
						prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
					},
				},
				DONE,
			),
		],
		reply: {
			text: 'Hi',
			reasoning: 'Hm',
			usage: {
				promptTokens: 9,
				completionTokens: 1,
				totalTokens: 10,
				cost: 0.0004,
				cachedTokens: 4,
				cacheWriteTokens: 2,
			},
		},
	},
	{
		name: 'reports a failure with the reason for it',
		answers: [
			stream(text('Half of '), {
				error: { code: 502, message: 'Upstream idle timeout exceeded' },
				choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
			}),
		],
		error: {
			kind: 'http',
			details: { serviceMessage: 'Upstream idle timeout exceeded', partialText: 'Half of ' },
		},
	},
	{
		name: 'puts the failure into the choice',
		answers: [
			stream(
				text('Half of '),
				{
					choices: [
						{
							index: 0,
							delta: { content: '' },
							finish_reason: 'error',
							error: { code: 502, message: 'Provider disconnected' },
						},
					],
				},
				DONE,
			),
		],
		error: {
			kind: 'http',
			details: { serviceMessage: 'Provider disconnected', partialText: 'Half of ' },
		},
	},
	{
		name: 'has no endpoint that takes the format, and answers without it',
		options: {
			chat: { responseFormat: { type: 'json_schema', name: 'a', schema: { type: 'object' } } },
		},
		answers: [
			openAiError(
				'No endpoints found that can handle the requested parameters.',
				{ code: 404 },
				404,
			),
			stream(text('{}', 'stop'), DONE),
		],
		reply: { text: '{}' },
	},
	{
		name: 'sends the images of a model beside its text',
		answers: [
			json(
				completion(
					{
						content: 'Here:',
						images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,QQ==' } }],
					},
					'stop',
				),
			),
		],
		reply: { text: 'Here:', images: [{ images: ['data:image/png;base64,QQ=='], alt: 'Hello' }] },
	},
	{
		name: 'names its sources in annotations',
		answers: [
			stream(
				text('So it is'),
				delta(
					{
						annotations: [
							{
								type: 'url_citation',
								url_citation: {
									url: 'https://a.example',
									title: 'A',
									content: 'It is so',
									start_index: 0,
								},
							},
						],
					},
					'stop',
				),
				DONE,
			),
		],
		reply: {
			text: 'So it is',
			sources: [{ url: 'https://a.example', title: 'A', quote: 'It is so' }],
		},
	},
];
