import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { exampleNames, readExample, withSettings } from './examples.mts';
import type { Lab } from './n8n/Lab.mts';

/** An example as it is in n8n. */
export interface ImportedExample {
	/** The name of its file, so that a later start finds it again. */
	id: string;
	name: string;
}

/**
 * Brings all workflows of examples/ into n8n, with the lab's credentials. What is there from an earlier
 * start stays as it is: the user may have changed it.
 */
export async function importExamples(lab: Lab): Promise<ImportedExample[]> {
	const kept = await lab.client.send<ImportedExample[]>('GET', '/workflows');
	const examples: ImportedExample[] = [];
	for (const id of exampleNames()) {
		const example = kept.find((workflow) => workflow.id === id);
		examples.push(example ?? (await importExample(lab, id)));
	}
	return examples;
}

async function importExample(lab: Lab, id: string): Promise<ImportedExample> {
	// The folder that its n8n may write to.
	const folder = path.join(lab.folder, 'files');
	await mkdir(folder, { recursive: true });
	const workflow = withSettings(readExample(id), { folder });
	return await lab.client.createWorkflow({ ...lab.withCredentials(workflow), id });
}
