import type { Lab } from '../../../dev/n8n/Lab.mts';
import type { SavedWorkflow, WorkflowDefinition } from '../../../dev/n8n/N8nClient.mts';

/** Saves a workflow with the lab's credentials and makes its webhook listen. */
export async function publish(lab: Lab, definition: WorkflowDefinition): Promise<SavedWorkflow> {
	const saved = await lab.client.createWorkflow(lab.withCredentials(definition));
	await lab.client.activate(saved);
	return saved;
}

/** The address of the webhook whose path is the workflow's name. */
export function webhookOf(lab: Lab, { name }: SavedWorkflow): string {
	return `${lab.n8n.url}/webhook/${name}`;
}

/**
 * Starts an execution for each prompt.
 *
 * @param atOnce how many requests are under way at once, all unless given
 * @returns the executions' ids, in the order of the prompts
 */
export async function startAll(
	lab: Lab,
	workflow: SavedWorkflow,
	prompts: string[],
	atOnce = prompts.length,
): Promise<string[]> {
	const url = webhookOf(lab, workflow);
	const ids: string[] = [];
	const left = prompts.entries();
	const sender = async () => {
		for (const [index, prompt] of left) ids[index] = await start(url, prompt);
	};
	await Promise.all(Array.from({ length: atOnce }, sender));
	return ids;
}

async function start(url: string, prompt: string): Promise<string> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ prompt }),
	});
	const text = await response.text();
	if (response.ok) return text;
	throw new Error(`${url}: ${response.status} ${text}`);
}
