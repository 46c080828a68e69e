import type { Lab } from '../../../dev/n8n/Lab.mts';
import type { SavedWorkflow, WorkflowDefinition } from '../../../dev/n8n/N8nClient.mts';

/** Saves a workflow with the lab's credentials and makes its webhook listen. */
export async function publish(lab: Lab, definition: WorkflowDefinition): Promise<SavedWorkflow> {
	const saved = await lab.client.createWorkflow(lab.withCredentials(definition));
	await lab.client.activate(saved);
	return saved;
}

/** Calls the webhook whose path is the workflow's name. @throws Error when it does not answer with 200 */
export async function call(lab: Lab, { name }: SavedWorkflow, prompt: string): Promise<Response> {
	const response = await fetch(`${lab.n8n.url}/webhook/${name}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ prompt }),
	});
	if (response.ok) return response;
	throw new Error(`The webhook answered ${response.status} ${await response.text()}`);
}

/** Starts an execution for each prompt, all at once. @returns their ids */
export async function startAll(
	lab: Lab,
	workflow: SavedWorkflow,
	prompts: string[],
): Promise<string[]> {
	return await Promise.all(
		prompts.map(async (prompt) => await (await call(lab, workflow, prompt)).text()),
	);
}

/** What n8n streams: a line for each piece. */
export interface StreamChunk {
	type: 'begin' | 'item' | 'end' | 'error' | 'keepalive';
	content?: string;
}

export async function* chunksOf(response: Response): AsyncGenerator<StreamChunk> {
	let rest = '';
	const decoded = (response.body as ReadableStream<Uint8Array>).pipeThrough(
		new TextDecoderStream() as TransformStream<Uint8Array, string>,
	);
	for await (const text of decoded) {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) yield JSON.parse(line) as StreamChunk;
	}
}
