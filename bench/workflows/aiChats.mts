import type { INodeParameters } from 'n8n-workflow';

import { AI_CHATS, OPENAI_COMPATIBLE } from '../../dev/n8n/Lab.mts';
import { node, type Recipe } from './node.mts';

export type ProviderName = 'aiChats' | 'openAiCompatible';

/** Both providers, as the node shows them. */
export const PROVIDERS: ReadonlyArray<{ name: ProviderName; title: string }> = [
	{ name: 'aiChats', title: 'Ai-Chats' },
	{ name: 'openAiCompatible', title: 'OpenAI-Compatible' },
];

const CREDENTIALS: Record<ProviderName, string> = {
	aiChats: AI_CHATS,
	openAiCompatible: OPENAI_COMPATIBLE,
};

/** Models of the stand-in that chat, draw behind a link, and draw into the answer. */
const MODELS = {
	aiChats: { chat: 'gpt-4', link: 'dalle', base64: 'dalle' },
	openAiCompatible: { chat: 'gpt-4o-mini', link: 'dall-e-3', base64: 'gpt-image-1' },
};

export interface AiChatsSettings {
	provider: ProviderName;
	kind?: 'chat' | 'link' | 'base64';
	parallel?: number;
	more?: INodeParameters;
}

/** Our node: a prompt an item, out of its field `input`. */
export function aiChats({
	provider,
	kind = 'chat',
	parallel = 10,
	more = {},
}: AiChatsSettings): Recipe {
	const parameters: INodeParameters = {
		operation: kind === 'chat' ? 'chat' : 'image',
		provider,
		model: { __rl: true, mode: 'id', value: MODELS[provider][kind] },
		prompt: '={{ $json.input }}',
		options: {
			parallelRequests: parallel,
			...(kind === 'chat' ? {} : { maxImageSize: 1000 }),
		},
		...more,
	};
	const credential = CREDENTIALS[provider];
	return {
		nodes: [node('n8n-nodes-aichats.aiChats', 1, parameters, { credential })],
	};
}
