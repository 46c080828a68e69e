import type { INode } from 'n8n-workflow';

import type { Example } from '../../../dev/examples.mts';

/** @throws Error when the example has no node of this name */
export function nodeOf(example: Example, name: string): INode {
	const node = example.nodes.find((candidate) => candidate.name === name);
	if (node === undefined) throw new Error(`'${example.name}' has no node '${name}'`);
	return node;
}

/** The example with other settings of one node, or with other values in some of its parameters. */
export function withNode(example: Example, name: string, change: Partial<INode>): Example {
	const old = nodeOf(example, name);
	const parameters = { ...old.parameters, ...change.parameters };
	const nodes = example.nodes.map((node) =>
		node === old ? { ...old, ...change, parameters } : node,
	);
	return { ...example, nodes };
}
