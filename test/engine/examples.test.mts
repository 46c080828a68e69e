import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { createEngine, type StoredCredential, type WorkflowJson } from '../../dev/engine/index.mts';
import { NODE_PACKAGE } from './support.mts';
import { useBench } from './useBench.mts';

const folder = path.resolve(import.meta.dirname, '../../examples');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** A credential for each that the workflow refers to, all leading to the service. */
function credentialsFor({ nodes }: WorkflowJson, baseUrl: string) {
	const uses = nodes.flatMap(({ credentials = {} }) => Object.entries(credentials));
	const stored = uses.map(([type, { id, name }]): [string, StoredCredential] => [
		id ?? name,
		{ type, data: { baseUrl } },
	]);
	return Object.fromEntries(stored);
}

describe('The workflows in examples/', () => {
	const bench = useBench();

	it('are there', () => expect(files).not.toEqual([]));

	it.each(files)('%s runs green, and every node gives items that lead back', async (file) => {
		const workflow = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as WorkflowJson;
		const credentials = credentialsFor(workflow, bench().service.url);
		const engine = await createEngine({ package: NODE_PACKAGE, credentials });
		try {
			const run = await engine.run(workflow);
			expect(run.error).toBeUndefined();
			expect(run.status).toBe('success');
			const ours = workflow.nodes.filter(({ type }) => type.startsWith(`${NODE_PACKAGE.name}.`));
			expect(ours).not.toEqual([]);
			for (const { name, parameters } of ours) {
				const [item] = run.items(name);
				expect(item?.json).not.toHaveProperty('error');
				expect(item?.pairedItem).toEqual({ item: 0 });
				if (parameters['operation'] !== 'image') expect(item?.json['text']).toMatch(/\w/);
				else expect(await run.binary(item!)).toHaveLength(item?.json['bytes'] as number);
			}
		} finally {
			await engine.close();
		}
	});
});
