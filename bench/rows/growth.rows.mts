import { aiChats } from '../workflows/aiChats.mts';
import { history, images, prompts } from '../workflows/prompts.mts';
import { httpPicture } from '../workflows/rivals.mts';
import { type Growth, growthRow } from './growth.mts';

const chats: Growth['recipe'] = (_bench, provider) => aiChats({ provider });

/** With how many chats the turns of a history are sent, so that there is something to measure. */
const HISTORY_CHATS = 20;

export const itemsGrowth = growthRow({
	name: 'growth-items',
	title: 'More items',
	about: 'Chats of one execution, 10 in parallel, with a service that answers at once.',
	unit: 'item',
	sizes: { full: [10, 100, 1000, 10_000], quick: [10, 100, 500] },
	rounds: 2,
	recipe: chats,
	items: (size) => ({ items: prompts(size) }),
});

export const pictureGrowth = growthRow({
	name: 'growth-image',
	title: 'A larger image',
	about: 'One image that goes to n8n’s storage, from a link or from the answer as base64.',
	unit: 'MB',
	sizes: { full: [1, 10, 50, 200], quick: [1, 20] },
	series: [
		{ title: 'Ai-Chats, link', provider: 'aiChats', kind: 'link' },
		{ title: 'OpenAI-Compatible, base64', provider: 'openAiCompatible', kind: 'base64' },
	],
	recipe: (_bench, provider, kind) => aiChats({ provider, kind }),
	rival: {
		name: 'HTTP Request, response as file',
		recipe: ({ service }) => httpPicture(service.url),
	},
	reason: 'how long 200 MB take to write varies from round to round, see the spread',
	items: (size) => images(1, size),
});

export const streamGrowth = growthRow({
	name: 'growth-stream',
	title: 'A longer answer',
	about: 'One chat whose answer comes in so many fragments, as fast as they can be sent.',
	unit: 'fragment',
	sizes: { full: [10, 100, 1000, 10_000, 100_000], quick: [10, 1000, 100_000] },
	recipe: chats,
	items: (size) => ({ items: prompts(1, `[[words count=${size}]][[fragments count=${size}]]`) }),
});

export const historyGrowth = growthRow({
	name: 'growth-history',
	title: 'A longer history',
	about: `${HISTORY_CHATS} chats, each with so many earlier messages.`,
	unit: 'message',
	sizes: { full: [1, 10, 100, 1000], quick: [1, 1000] },
	recipe: (_bench, provider) =>
		aiChats({
			provider,
			more: {
				prompt: '={{ $json.input.prompt }}',
				historyInput: 'json',
				historyJson: '={{ $json.input.history }}',
			},
		}),
	items: (size) => ({
		items: prompts(HISTORY_CHATS).map((prompt) => ({ prompt, history: history(size) })),
	}),
});
