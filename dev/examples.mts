import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { IConnections, INode } from 'n8n-workflow';

export const EXAMPLES_FOLDER = path.resolve(import.meta.dirname, '../examples');
const EXTENSION = '.json';
const SETTINGS = 'Settings';

/** A workflow of examples/, as n8n exports it. */
export interface Example {
	name: string;
	nodes: INode[];
	connections: IConnections;
}

interface Field {
	name: string;
	value: unknown;
}

/** Names of all examples, without the extension. */
export function exampleNames(): string[] {
	const files = readdirSync(EXAMPLES_FOLDER).filter((file) => file.endsWith(EXTENSION));
	return files.map((file) => path.basename(file, EXTENSION)).sort();
}

/** @param name of its file, without the extension */
export function readExample(name: string): Example {
	const text = readFileSync(path.join(EXAMPLES_FOLDER, name + EXTENSION), 'utf8');
	return JSON.parse(text) as Example;
}

/**
 * An example with other values in its node _Settings_, as its user would type them in. Fields that it does not have
 * are left out: not every example has a folder, nor every one the node.
 */
export function withSettings(example: Example, values: Record<string, string>): Example {
	const nodes = example.nodes.map((node) => (node.name === SETTINGS ? filled(node, values) : node));
	return { ...example, nodes };
}

function filled(node: INode, values: Record<string, string>): INode {
	const { assignments } = node.parameters['assignments'] as { assignments: Field[] };
	const changed = assignments.map((field) => ({
		...field,
		value: values[field.name] ?? field.value,
	}));
	const parameters = { ...node.parameters, assignments: { assignments: changed } };
	return { ...node, parameters: parameters as INode['parameters'] };
}
