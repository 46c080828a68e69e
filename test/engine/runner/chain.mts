import type { INode } from 'n8n-workflow';

import type { WorkflowJson } from '../../../dev/engine/index.mts';

import { testPackage } from './testPackage.mts';

type NodeSketch = Partial<INode> & Pick<INode, 'name' | 'type'>;

const trigger: NodeSketch = { name: 'Start', type: 'n8n-nodes-base.manualTrigger' };

/** A chain of nodes; types without a package are the test's own. */
export function chain(...sketches: NodeSketch[]): WorkflowJson {
	const nodes = [trigger, ...sketches].map((sketch, index): INode => {
		const type = sketch.type.includes('.') ? sketch.type : `${testPackage.name}.${sketch.type}`;
		const position: [number, number] = [index * 200, 0];
		return { id: `node-${index}`, typeVersion: 1, position, parameters: {}, ...sketch, type };
	});
	const links = nodes.slice(1).map((node, index) => {
		const main = [[{ node: node.name, type: 'main' as const, index: 0 }]];
		return [nodes[index]!.name, { main }] as const;
	});
	return { nodes, connections: Object.fromEntries(links) };
}

export const credentials = { testApi: { id: 'cred-1', name: 'My key' } };
