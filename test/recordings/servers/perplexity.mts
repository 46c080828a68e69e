import { DONE, stream, text, type Recording } from '../recording.mts';

export const recordings: Recording[] = [
	{
		name: 'repeats its sources and its usage with every chunk',
		answers: [
			stream(
				...['It is', ' so [1].'].map((content, index) => ({
					...text(content, index === 1 ? 'stop' : null),
					citations: ['https://a.example'],
					search_results: [{ title: 'A', url: 'https://a.example', date: null }],
					usage: { total_tokens: index + 1, cost: { total_cost: 0.5 } },
				})),
				DONE,
			),
		],
		reply: {
			text: 'It is so [1].',
			sources: [{ url: 'https://a.example', title: 'A' }],
			usage: { totalTokens: 2, cost: 0.5 },
		},
	},
];
