import type { INode, INodeParameters } from 'n8n-workflow';

import { AI_CHATS, OPENAI_COMPATIBLE } from '../../../dev/n8n/Lab.mts';
import { node } from './workflow.mts';

export type ProviderName = 'aiChats' | 'openAiCompatible';

/** Both providers, as rows of a table of tests. */
export const PROVIDERS: ReadonlyArray<[string, ProviderName]> = [
	['Ai-Chats', 'aiChats'],
	['an OpenAI-compatible server', 'openAiCompatible'],
];

const PACKAGE = 'n8n-nodes-aichats';

/** Its ids are put in by the lab. */
function credentialOf(provider: ProviderName): Pick<INode, 'credentials'> {
	const type = provider === 'aiChats' ? AI_CHATS : OPENAI_COMPATIBLE;
	return { credentials: { [type]: { id: '', name: '' } } };
}

interface Options {
	provider: ProviderName;
	parameters?: INodeParameters;
	/** What else the node has, e.g. `onError`. */
	more?: Partial<INode>;
}

export function chatNode(
	name: string,
	prompt: string,
	{ provider, parameters, more }: Options,
): INode {
	const all = { provider, operation: 'chat', prompt, ...parameters };
	return node(name, `${PACKAGE}.aiChats`, 1, all, { ...credentialOf(provider), ...more });
}

export function imageNode(
	name: string,
	prompt: string,
	{ provider, parameters, more }: Options,
): INode {
	const all = { provider, operation: 'image', prompt, ...parameters };
	return node(name, `${PACKAGE}.aiChats`, 1, all, { ...credentialOf(provider), ...more });
}

/** The node as a tool of an agent: what `chatNode` and `imageNode` make, by n8n's name for it. */
export function asTool(made: INode): INode {
	return { ...made, type: `${made.type}Tool` };
}

export function chatModel(provider: ProviderName, parameters: INodeParameters = {}): INode {
	const all = { provider, ...parameters };
	const type = `${PACKAGE}.lmChatAiChats`;
	return node('AiChats Chat Model', type, 1, all, credentialOf(provider));
}
