import type { Outgoing } from '../http/sendFollowing';
import type { GenerateOptions, Message } from '../types';

/** One entry of `messagesHistory` on the wire. */
interface HistoryEntry {
	from: 'you' | 'chatGPT';
	content: string;
}

/** The body of a request (docs/protocols.md, "Request"). */
interface RequestBody {
	type: 'chat' | 'image';
	messagesHistory: HistoryEntry[];
}

/** The request that asks an Ai-Chats service for an answer. */
export function buildRequest(
	url: string,
	apiEndpoint: string,
	body: RequestBody,
	signal: AbortSignal | undefined,
): Outgoing {
	return {
		method: 'POST',
		url: apiEndpoint,
		headers: {
			accept: 'application/json, text/event-stream',
			'accept-language': 'en-US,en;q=0.9',
			'cache-control': 'no-cache',
			'content-type': 'application/json',
			origin: new URL(url).origin,
			pragma: 'no-cache',
			referer: `${url}/${body.type}/`,
		},
		body: JSON.stringify(body),
		isCostly: body.type === 'image',
		signal,
	};
}

/** Asks for text: the conversation folded into one message, or turn by turn. */
export function chatBody(
	messages: readonly Message[],
	{ nativeTurns = false }: GenerateOptions,
): RequestBody {
	return {
		type: 'chat',
		messagesHistory: nativeTurns
			? nativeHistory(messages)
			: [{ from: 'you', content: formatPrompt(messages) }],
	};
}

/** Asks for an image: only the last message counts. */
export function imageBody(messages: readonly Message[]): RequestBody {
	return {
		type: 'image',
		messagesHistory: [{ from: 'you', content: messages.at(-1)?.content ?? '' }],
	};
}

/**
 * One entry per turn. `you` is the user; the assistant is `chatGPT`, as clients of the same service
 * family name it. No name for system messages is known: they go in front of the first user turn, which
 * there always is: the prompt.
 */
function nativeHistory(messages: readonly Message[]): HistoryEntry[] {
	const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
	const turns = messages.filter(({ role }) => role !== 'system');
	const firstUser = turns.findIndex(({ role }) => role === 'user');
	return turns.map(({ role, content }, index) => ({
		from: role === 'user' ? 'you' : 'chatGPT',
		content: index === firstUser ? [...system, content].join('\n\n') : content,
	}));
}

/**
 * Folds a conversation into one text, for services that take a single message
 * (docs/protocols.md, "Prompt folding"). One message stays as it is, none is the empty string.
 */
export function formatPrompt(messages: readonly Message[]): string {
	if (messages.length <= 1) return messages[0]?.content ?? '';
	const lines = messages.map(({ role, content }) => `${capitalised(role)}: ${content}`);
	return [...lines, 'Assistant:'].join('\n');
}

function capitalised(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}
