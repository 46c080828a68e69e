import type { INode, INodeParameters } from 'n8n-workflow';

import { AI_CHATS, N8N_OPENAI, OPENAI_COMPATIBLE } from '../../dev/n8n/Lab.mts';
import type { WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';
import {
	chain,
	editFields,
	manualTrigger,
	node,
	noOperation,
	splitOut,
	streamingWebhook,
	workflow,
} from './workflows.mts';

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

/** OpenAI-compatible servers have no default model. */
function modelFor(provider: ProviderName, kind: 'chat' | 'image'): INodeParameters {
	const models = { chat: 'gpt-4o-mini', image: 'gpt-image-1' };
	return provider === 'aiChats' ? {} : { model: { __rl: true, mode: 'id', value: models[kind] } };
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
	const all = { provider, operation: 'chat', ...modelFor(provider, 'chat'), prompt, ...parameters };
	return node(name, `${PACKAGE}.aiChats`, 1, all, { ...credentialOf(provider), ...more });
}

/** Chat that asks the chat model connected to it. */
export function connectedChat(
	name: string,
	prompt: string,
	more: Omit<Options, 'provider'> = {},
): INode {
	const made = chatNode(name, prompt, { provider: 'openAiCompatible', ...more });
	return { ...made, parameters: { ...made.parameters, provider: 'connectedModel' } };
}

export function imageNode(
	name: string,
	prompt: string,
	{ provider, parameters, more }: Options,
): INode {
	const all = {
		provider,
		operation: 'image',
		...modelFor(provider, 'image'),
		prompt,
		...parameters,
	};
	return node(name, `${PACKAGE}.aiChats`, 1, all, { ...credentialOf(provider), ...more });
}

/** The node as a tool of an agent: what `chatNode` and `imageNode` make, by n8n's name for it. */
export function asTool(made: INode): INode {
	return { ...made, type: `${made.type}Tool` };
}

export function chatModel(provider: ProviderName, parameters: INodeParameters = {}): INode {
	const all = { provider, ...modelFor(provider, 'chat'), ...parameters };
	const type = `${PACKAGE}.lmChatAiChats`;
	return node('AiChats Chat Model', type, 1, all, credentialOf(provider));
}

const PACKAGE_AI = '@n8n/n8n-nodes-langchain';

export function aiAgent(text: string, options: INodeParameters = {}, typeVersion = 3): INode {
	const parameters = { promptType: 'define', text, options };
	return node('AI Agent', `${PACKAGE_AI}.agent`, typeVersion, parameters);
}

export function basicLlmChain(text: string): INode {
	return node('Basic LLM Chain', `${PACKAGE_AI}.chainLlm`, 1.7, { promptType: 'define', text });
}

export function simpleMemory(sessionKey: string): INode {
	const parameters = { sessionIdType: 'customKey', sessionKey };
	return node('Simple Memory', `${PACKAGE_AI}.memoryBufferWindow`, 1.3, parameters);
}

/** An agent's tool, which has the node's name. */
export function calculator(name: string): INode {
	return node(name, `${PACKAGE_AI}.toolCalculator`, 1);
}

/** n8n's own chat model, asking for chat completions as ours does. */
export function openAiChatModel(): INode {
	const parameters = {
		model: { __rl: true, mode: 'id', value: 'gpt-4o-mini' },
		responsesApiEnabled: false,
		options: {},
	};
	const credentials = { [N8N_OPENAI]: { id: '', name: '' } };
	return node('OpenAI Chat Model', `${PACKAGE_AI}.lmChatOpenAi`, 1.3, parameters, { credentials });
}

export const CHAT = 'Chat';
export const IMAGE = 'Image';

/** The prompt comes in the body of the request. */
const chat = chatNode(CHAT, '={{ $json.body.prompt }}', { provider: 'aiChats' });
const image = imageNode(IMAGE, '={{ $json.text }}', { provider: 'aiChats' });

/** A webhook that answers with the execution's id as soon as it is in the queue. Its path is its name. */
function queueingWebhook(name: string): INode {
	const options = { responseData: '={{ $execution.id }}' };
	const parameters = { httpMethod: 'POST', path: name, responseMode: 'onReceived', options };
	return node(name, 'n8n-nodes-base.webhook', 2.1, parameters, { webhookId: name });
}

export function queuedChat(name: string): WorkflowDefinition {
	return workflow(name, ...chain(queueingWebhook(name), chat));
}

/** Draws what the chat answers. */
export function queuedChatAndImage(name: string): WorkflowDefinition {
	return workflow(name, ...chain(queueingWebhook(name), chat, image));
}

/** Draws the prompt. */
export function queuedImage(name: string): WorkflowDefinition {
	const parameters = { options: { maxImageSize: 1000 } };
	const draw = imageNode(IMAGE, '={{ $json.body.prompt }}', { provider: 'aiChats', parameters });
	return workflow(name, ...chain(queueingWebhook(name), draw));
}

/** Has nothing to do: what n8n itself needs for an execution. */
export function queuedNothing(name: string): WorkflowDefinition {
	return workflow(name, ...chain(queueingWebhook(name), noOperation('Nothing')));
}

export function streamedChat(name: string): WorkflowDefinition {
	return workflow(name, ...chain(streamingWebhook(name), chat));
}

/** Is called for executions that failed. */
export function errorWorkflow(name: string): WorkflowDefinition {
	const trigger = node('Error Trigger', 'n8n-nodes-base.errorTrigger', 1);
	return workflow(name, ...chain(trigger, noOperation('Nothing')));
}

/** Ten rows, of which the seventh fails the first time it is asked. */
export const ROWS = Array.from({ length: 10 }, (_, row) => ({
	question: `kite ${row}${row === 6 ? ' [[status code=400 times=1]]' : ''}`,
}));

/** Asks one row after the other. @param inQueue whether a webhook starts it, so that a worker runs it */
export function table(
	name: string,
	inQueue: boolean,
	more: Partial<INode> = {},
): WorkflowDefinition {
	const trigger = inQueue ? queueingWebhook(name) : manualTrigger();
	const parameters = { options: { parallelRequests: 1, maxRetries: 0 } };
	const ask = chatNode(CHAT, '={{ $json.question }}', { provider: 'aiChats', parameters, more });
	return workflow(
		name,
		...chain(trigger, editFields('Table', { items: ROWS }), splitOut('Rows'), ask),
	);
}
