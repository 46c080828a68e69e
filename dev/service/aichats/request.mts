import type { Role, Turn } from '../text/conversation.mts';
import { unfold } from '../text/folding.mts';

export interface AiChatsRequest {
	type: 'chat' | 'image';
	turns: Turn[];
}

const roles: Record<string, Role> = {
	you: 'user',
	user: 'user',
	ai: 'assistant',
	chatGPT: 'assistant',
	assistant: 'assistant',
	system: 'system',
};

/** @returns the request, or in words what is wrong with it. */
export function readAiChatsRequest(contentType: string, body: unknown): AiChatsRequest | string {
	if (!/^application\/json\b/i.test(contentType)) return 'content-type must be application/json';
	if (typeof body !== 'object' || body === null) return 'the body must be a JSON object';
	const { type, messagesHistory } = body as Record<string, unknown>;
	if (type !== 'chat' && type !== 'image') return 'type must be "chat" or "image"';
	if (!Array.isArray(messagesHistory)) return 'messagesHistory must be a list';
	const turns = messagesHistory.map(toTurn);
	const wrong = turns.findIndex((turn) => turn === undefined);
	if (wrong >= 0) return `messagesHistory[${wrong}] must have from and content`;
	return { type, turns: unfoldSingle(turns.filter((turn) => turn !== undefined)) };
}

function toTurn(message: unknown): Turn | undefined {
	if (typeof message !== 'object' || message === null) return undefined;
	const { from, content } = message as Record<string, unknown>;
	const role = typeof from === 'string' ? roles[from] : undefined;
	return role && typeof content === 'string' ? { role, text: content } : undefined;
}

function unfoldSingle(turns: Turn[]): Turn[] {
	const [only] = turns;
	return turns.length === 1 && only ? unfold(only.text) : turns;
}
