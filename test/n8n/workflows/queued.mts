import type { INode } from 'n8n-workflow';

import type { WorkflowDefinition } from '../../../dev/n8n/N8nClient.mts';
import { chatNode, imageNode } from './aiChats.mts';
import { noOperation } from './core.mts';
import { streamingWebhook } from './triggers.mts';
import { chain, node, workflow } from './workflow.mts';

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
