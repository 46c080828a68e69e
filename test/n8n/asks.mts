import type { Lab } from '../../dev/n8n/Lab.mts';
import type { Execution, SavedWorkflow, WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';
import { save } from './runs.mts';
import { type ArrivedChunk, postForStream } from './streamClient.mts';

/** A workflow that is called through a streaming webhook. */
export interface ListeningWorkflow {
	/** Sends the text as `body.words` and waits until the execution has ended. */
	ask(words: string): Promise<{ chunks: ArrivedChunk[]; execution: Execution }>;
}

/** Activates a workflow that begins with the streaming webhook of this name. */
export async function listen(
	lab: Lab,
	webhook: string,
	definition: WorkflowDefinition,
): Promise<ListeningWorkflow> {
	const saved = await save(lab, definition);
	await lab.client.activate(saved);
	return {
		async ask(words) {
			const url = `${lab.n8n.url}/webhook/${webhook}`;
			const { chunks, ended } = await postForStream(url, { words });
			await ended;
			return { chunks, execution: await newestExecution(lab, saved) };
		},
	};
}

/** The newest execution of a workflow, when it has ended. */
export async function newestExecution(lab: Lab, { id }: SavedWorkflow): Promise<Execution> {
	const [newest] = await lab.client.executions(id);
	return await lab.client.ended(newest?.id as string);
}
