import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { ICredentialDataDecryptedObject, INode, INodeParameters } from 'n8n-workflow';

import type { StoredCredential, WorkflowJson } from '../engine/index.mts';
import type { DemoOptions } from './options.mts';

export const CHAT_NODE = 'Write an image prompt';
export const IMAGE_NODE = 'Draw it';

const OPENAI_CREDENTIAL = 'aiChatsOpenAiCompatibleApi';

/** The example workflow, its AiChats nodes set to the provider that the user chose. */
export async function readWorkflow(root: string, options: DemoOptions): Promise<WorkflowJson> {
	const file = path.join(root, 'examples', 'chat-and-image.json');
	const workflow = JSON.parse(await readFile(file, 'utf8')) as WorkflowJson;
	if (options.provider === 'ai-chats') return workflow;
	return { ...workflow, nodes: workflow.nodes.map((node) => openAiCompatible(node, options)) };
}

/** The credentials that the workflow's nodes refer to. */
export function credentialsFor(
	{ cookie = '', apiKey = '', proxy = '' }: DemoOptions,
	baseUrl: string,
): Record<string, StoredCredential> {
	const shared: ICredentialDataDecryptedObject = { baseUrl, proxyUrl: proxy };
	return {
		aichats: { type: 'aiChatsApi', data: { ...shared, sessionCookieSecret: cookie } },
		[OPENAI_CREDENTIAL]: { type: OPENAI_CREDENTIAL, data: { ...shared, apiKey } },
	};
}

function openAiCompatible(node: INode, { model, imageModel }: DemoOptions): INode {
	if (!node.type.endsWith('.aiChats')) return node;
	const draws = node.name === IMAGE_NODE;
	const id = (draws ? imageModel : model) ?? (draws ? 'gpt-image-1' : 'gpt-4o-mini');
	const parameters: INodeParameters = {
		...node.parameters,
		provider: 'openAiCompatible',
		model: { __rl: true, mode: 'id', value: id },
	};
	const reference = { id: OPENAI_CREDENTIAL, name: 'AiChats OpenAI-Compatible account' };
	return { ...node, parameters, credentials: { [OPENAI_CREDENTIAL]: reference } };
}
