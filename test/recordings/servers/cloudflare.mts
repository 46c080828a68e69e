import { json, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'lists its errors',
		answers: [
			json(
				{
					errors: [{ code: 5006, message: 'Error: oneOf at / not met' }],
					success: false,
					result: {},
				},
				400,
			),
		],
		error: { kind: 'http', details: { serviceMessage: 'Error: oneOf at / not met' } },
	},
	{
		name: 'lists its errors with the status 200',
		answers: [
			json({
				errors: [{ code: 3040, message: 'Capacity temporarily exceeded' }],
				success: false,
				result: null,
			}),
		],
		error: { kind: 'http', details: { serviceMessage: 'Capacity temporarily exceeded' } },
	},
];
