import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import {
	createEngine,
	type RunOptions,
	type StoredCredential,
	type WorkflowJson,
} from '../../dev/engine/index.mts';
import { loadRuntime } from '../../dev/engine/runtime.mts';
import { createStandIns } from '../../dev/engine/standIns.mts';
import { exampleNames, readExample } from '../../dev/examples.mts';
import { NODE_PACKAGE } from './support.mts';
import { useBench } from './useBench.mts';

const NODE = `${NODE_PACKAGE.name}.aiChats`;
const KNOWN = new Set([NODE, ...Object.keys(createStandIns(loadRuntime()))]);
/** Those of nodes that this engine has; the others are run in a real n8n only. */
const RUNNABLE = exampleNames().filter((name) =>
	readExample(name).nodes.every(({ type }) => KNOWN.has(type)),
);
/** What the triggers give: as much as any of them could. */
const INPUT: RunOptions['input'] = [{ json: { body: { prompt: 'a red kite' } } }];

/** A credential for each that the workflow refers to, all leading to the service. */
function credentialsFor({ nodes }: WorkflowJson, baseUrl: string) {
	const uses = nodes.flatMap(({ credentials = {} }) => Object.entries(credentials));
	const stored = uses.map(([type, { id, name }]): [string, StoredCredential] => [
		id ?? name,
		{ type, data: { baseUrl } },
	]);
	return Object.fromEntries(stored);
}

describe('The workflows in examples/ that the engine has nodes for', () => {
	const bench = useBench();

	it('are there', () => {
		expect(RUNNABLE).toEqual(
			expect.arrayContaining([
				'chat-and-image',
				'nightly-post-with-fallback',
				'picture-series',
				'streaming-webhook',
			]),
		);
	});

	it.each(RUNNABLE)('%s runs green, and every node gives items that lead back', async (name) => {
		const workflow = readExample(name);
		const credentials = credentialsFor(workflow, bench().service.url);
		const engine = await createEngine({ package: NODE_PACKAGE, credentials });
		try {
			const run = await engine.run(workflow, { input: INPUT });
			expect(run.error).toBeUndefined();
			expect(run.status).toBe('success');
			const ours = workflow.nodes.filter(({ type }) => type === NODE);
			expect(ours).not.toEqual([]);
			for (const { name: node, parameters } of ours) {
				const [item] = run.items(node);
				expect(item?.json).not.toHaveProperty('error');
				expect(item?.pairedItem).toEqual({ item: 0 });
				const { answerField } = (parameters['options'] ?? {}) as IDataObject;
				const whole = item?.json ?? {};
				const answer = answerField === undefined ? whole : whole[String(answerField)];
				const { bytes, text } = answer as IDataObject;
				if (parameters['operation'] !== 'image') expect(text).toMatch(/\w/);
				else expect(await run.binary(item!)).toHaveLength(bytes as number);
			}
		} finally {
			await engine.close();
		}
	});
});
