import type { INodeProperties } from 'n8n-workflow';

/** How an Ai-Chats service gets a conversation. */
export const nativeTurnsProperty: INodeProperties = {
	displayName: 'Send Turns Separately',
	name: 'nativeTurns',
	type: 'boolean',
	default: false,
	description:
		'Whether to send the system message and the history turn by turn instead of folded into one message. Works only with services that keep turns apart.',
};
