import type { INode, INodeParameters } from 'n8n-workflow';

import { N8N_OPENAI } from '../../../dev/n8n/Lab.mts';
import { node } from './workflow.mts';

const PACKAGE = '@n8n/n8n-nodes-langchain';

export function aiAgent(text: string, options: INodeParameters = {}, typeVersion = 3): INode {
	const parameters = { promptType: 'define', text, options };
	return node('AI Agent', `${PACKAGE}.agent`, typeVersion, parameters);
}

export function basicLlmChain(text: string): INode {
	return node('Basic LLM Chain', `${PACKAGE}.chainLlm`, 1.7, { promptType: 'define', text });
}

export function simpleMemory(sessionKey: string): INode {
	const parameters = { sessionIdType: 'customKey', sessionKey };
	return node('Simple Memory', `${PACKAGE}.memoryBufferWindow`, 1.3, parameters);
}

/** An agent's tool, which has the node's name. */
export function calculator(name: string): INode {
	return node(name, `${PACKAGE}.toolCalculator`, 1);
}

/** n8n's own chat model, asking for chat completions as ours does. */
export function openAiChatModel(): INode {
	const parameters = {
		model: { __rl: true, mode: 'id', value: 'gpt-4o-mini' },
		responsesApiEnabled: false,
		options: {},
	};
	const credentials = { [N8N_OPENAI]: { id: '', name: '' } };
	return node('OpenAI Chat Model', `${PACKAGE}.lmChatOpenAi`, 1.3, parameters, { credentials });
}
