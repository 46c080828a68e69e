import type { Message } from './messages';

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
