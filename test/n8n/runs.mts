import type { INodeExecutionData, ITaskData } from 'n8n-workflow';

import type { Lab } from '../../dev/n8n/Lab.mts';
import type { Execution, SavedWorkflow, WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';
import { START } from './workflows.mts';

/** Saves a workflow with the lab's credentials. */
export async function save(lab: Lab, definition: WorkflowDefinition): Promise<SavedWorkflow> {
	return await lab.client.createWorkflow(lab.withCredentials(definition));
}

/** Runs a workflow from its manual trigger to its end. */
export async function run(lab: Lab, definition: WorkflowDefinition): Promise<Execution> {
	return await lab.client.run(await save(lab, definition), START);
}

/** The runs of a node. @throws Error with the execution's own when it did not run */
export function runsOf({ data }: Execution, nodeName: string): ITaskData[] {
	const { runData, error } = data.resultData;
	const runs = runData[nodeName];
	if (runs !== undefined) return runs;
	throw new Error(`'${nodeName}' did not run; these did: ${Object.keys(runData).join(', ')}`, {
		cause: error,
	});
}

/** What a node gave out: of which output, and in which of its runs. */
export function itemsOf(
	execution: Execution,
	nodeName: string,
	output = 0,
	runIndex = 0,
): INodeExecutionData[] {
	return runsOf(execution, nodeName)[runIndex]?.data?.['main']?.[output] ?? [];
}
