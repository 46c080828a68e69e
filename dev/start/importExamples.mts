import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import type { Lab } from '../n8n/Lab.mts';
import type { WorkflowDefinition } from '../n8n/N8nClient.mts';

const EXAMPLES = path.resolve(import.meta.dirname, '../../examples');

/** An example as it is in n8n. */
export interface ImportedExample {
	/** Made of the name of its file, so that a later start finds it again. */
	id: string;
	name: string;
}

/**
 * Brings all workflows of examples/ into n8n, with the lab's credentials. What is there from an earlier
 * start stays as it is: the user may have changed it.
 */
export async function importExamples(lab: Lab): Promise<ImportedExample[]> {
	const kept = await lab.client.send<ImportedExample[]>('GET', '/workflows');
	const files = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.json')).sort();
	const examples: ImportedExample[] = [];
	for (const file of files) {
		const id = path.basename(file, '.json');
		const example = kept.find((workflow) => workflow.id === id);
		examples.push(example ?? (await importExample(lab, file, id)));
	}
	return examples;
}

async function importExample(lab: Lab, file: string, id: string): Promise<ImportedExample> {
	const text = await readFile(path.join(EXAMPLES, file), 'utf8');
	const workflow = JSON.parse(text) as WorkflowDefinition;
	return await lab.client.createWorkflow({ ...lab.withCredentials(workflow), id });
}
