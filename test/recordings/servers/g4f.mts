import { DONE, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'names its provider, and fails within the stream',
		answers: [
			stream(
				{ ...text('Half'), provider: 'X' },
				{ error: { message: 'RateLimitError: wait' }, model: 'm', provider: 'X' },
				DONE,
			),
		],
		error: {
			kind: 'http',
			details: { serviceMessage: 'RateLimitError: wait', partialText: 'Half' },
		},
	},
];
