import { json, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'misses its header',
		answers: [
			json(
				{
					status: 'failure',
					message: 'Either x-portkey-config or x-portkey-provider header is required',
				},
				400,
			),
		],
		error: {
			kind: 'http',
			details: {
				status: 400,
				serviceMessage: 'Either x-portkey-config or x-portkey-provider header is required',
			},
		},
	},
];
