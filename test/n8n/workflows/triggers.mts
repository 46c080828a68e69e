import type { INode } from 'n8n-workflow';

import { node } from './workflow.mts';

export const START = 'When clicking ‘Execute workflow’';

export function manualTrigger(): INode {
	return node(START, 'n8n-nodes-base.manualTrigger', 1);
}

export function scheduleTrigger(seconds: number): INode {
	const interval = [{ field: 'seconds', secondsInterval: seconds }];
	return node('Schedule Trigger', 'n8n-nodes-base.scheduleTrigger', 1.2, { rule: { interval } });
}

/** A webhook whose answer is what nodes stream. Its path is its name. */
export function streamingWebhook(name: string): INode {
	const parameters = { httpMethod: 'POST', path: name, responseMode: 'streaming', options: {} };
	return node(name, 'n8n-nodes-base.webhook', 2.1, parameters, { webhookId: name });
}

/** A public chat that streams. Its address is made from its name. */
export function chatTrigger(name: string): INode {
	const parameters = { public: true, mode: 'webhook', options: { responseMode: 'streaming' } };
	const type = '@n8n/n8n-nodes-langchain.chatTrigger';
	return node(name, type, 1.3, parameters, { webhookId: name });
}

/** The start of a workflow that others call. */
export function calledByWorkflow(): INode {
	const type = 'n8n-nodes-base.executeWorkflowTrigger';
	return node('When Executed by Another Workflow', type, 1.1, { inputSource: 'passthrough' });
}
