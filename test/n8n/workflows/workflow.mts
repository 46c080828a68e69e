import type { IConnections, INode, INodeParameters, NodeConnectionType } from 'n8n-workflow';

import type { WorkflowDefinition } from '../../../dev/n8n/N8nClient.mts';

/** From one node's output to another's input. */
export interface Link {
	from: INode;
	to: INode;
	/** `main` unless a sub-node is connected. */
	type: NodeConnectionType;
	/** Which of the outputs, from 0. */
	output: number;
}

/** A node as the editor saves it. */
export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters = {},
	more: Partial<INode> = {},
): INode {
	const id = `id of ${name}`;
	return { id, name, type, typeVersion, position: [0, 0], parameters, ...more };
}

export function link(from: INode, to: INode, output = 0): Link {
	return { from, to, type: 'main', output };
}

/** Main connections from each node to the next. */
export function chain(...nodes: INode[]): Link[] {
	return nodes.slice(1).map((to, index) => link(nodes[index] as INode, to));
}

/** A sub-node on its root node, e.g. `ai_memory`. */
export function subNode(from: INode, to: INode, type: NodeConnectionType): Link {
	return { from, to, type, output: 0 };
}

/** The workflow of the nodes that the links connect. */
export function workflow(name: string, ...links: Link[]): WorkflowDefinition {
	const nodes = [...new Set(links.flatMap(({ from, to }) => [from, to]))];
	return { name, nodes, connections: connectionsOf(links) };
}

function connectionsOf(links: readonly Link[]): IConnections {
	const connections: IConnections = {};
	for (const { from, to, type, output } of links) {
		const outputs = ((connections[from.name] ??= {})[type] ??= []);
		while (outputs.length <= output) outputs.push([]);
		outputs[output]?.push({ node: to.name, type, index: 0 });
	}
	return connections;
}
