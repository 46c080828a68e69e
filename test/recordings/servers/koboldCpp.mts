import { DONE, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'sends a reason with every chunk',
		answers: [stream(text('One', 'stop'), text(' two', 'stop'), text(' three', 'stop'), DONE)],
		reply: { text: 'One two three', finishReason: 'stop' },
	},
];
