import { DONE, json, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'loses its network',
		answers: [stream(text('Half'), text('', 'network_error'), DONE)],
		error: { kind: 'truncated', details: { partialText: 'Half' } },
	},
	{
		name: 'finds an answer sensitive',
		answers: [stream(text('', 'sensitive'), DONE)],
		error: { kind: 'refused', message: "The service's content filter blocked the answer" },
	},
	{
		name: 'has no balance',
		answers: [json({ error: { code: '1113', message: 'Insufficient balance' } }, 429)],
		error: { kind: 'quota', details: { code: '1113' } },
	},
];
