export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface Attachment {
	mediaType: string;
	bytes: number;
}

export interface Turn {
	role: Role;
	text: string;
	attachments?: Attachment[];
}

/** What the answer is made from, whichever protocol it came by. */
export interface Conversation {
	system: string;
	/** User and assistant turns before the prompt. */
	history: Turn[];
	prompt: string;
	attachments: Attachment[];
	/** Results that came back after a tool call, when the last turns are such. */
	toolResults: string[];
}

export function toConversation(turns: Turn[]): Conversation {
	const system = turns.filter((turn) => turn.role === 'system').map((turn) => turn.text);
	const spoken = turns.filter((turn) => turn.role !== 'system');
	const last = spoken.findLastIndex((turn) => turn.role === 'user');
	const prompt = spoken[last];
	return {
		system: system.join('\n'),
		history: spoken.slice(0, Math.max(last, 0)).filter((turn) => turn.role !== 'tool'),
		prompt: prompt?.text ?? '',
		attachments: prompt?.attachments ?? [],
		toolResults: spoken.at(-1)?.role === 'tool' ? toolResultsOf(spoken.slice(last + 1)) : [],
	};
}

function toolResultsOf(turns: Turn[]): string[] {
	return turns.filter((turn) => turn.role === 'tool').map((turn) => turn.text);
}
