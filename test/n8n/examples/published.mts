import { onTestFinished } from 'vitest';

import type { Lab } from '../../../dev/n8n/Lab.mts';
import type { Execution, SavedWorkflow, WorkflowDefinition } from '../../../dev/n8n/N8nClient.mts';
import { save } from '../runs.mts';

/** A workflow whose trigger listens until the test ends. */
export async function publish(lab: Lab, definition: WorkflowDefinition): Promise<SavedWorkflow> {
	const saved = await save(lab, definition);
	await lab.client.activate(saved);
	onTestFinished(async () => await lab.client.deactivate(saved));
	return saved;
}

/** Where a published workflow's Webhook or Chat Trigger can be asked. */
export function addressOf(lab: Lab, { nodes }: WorkflowDefinition): string {
	const [trigger] = nodes.filter(({ webhookId }) => webhookId !== undefined);
	const isChat = trigger?.type.endsWith('.chatTrigger') === true;
	const place = isChat ? `${trigger.webhookId}/chat` : trigger?.parameters['path'];
	return `${lab.n8n.url}/webhook/${String(place)}`;
}

/** What the chat page sends. */
export function message(chatInput: string, sessionId = 'one') {
	return { action: 'sendMessage', sessionId, chatInput };
}

/** The newest execution, when it has ended. */
export async function newest({ client }: Lab, { id }: SavedWorkflow): Promise<Execution> {
	const [found] = await client.executions(id);
	return await client.ended(String(found?.id));
}
