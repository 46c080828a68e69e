import type { INode, INodeTypes, Workflow } from 'n8n-workflow';

import type { Runtime } from './runtime.mts';

/** n8n evaluates expressions only inside a workflow: one of a single node, never run. */
export function createScratchWorkflow(
	runtime: Runtime,
	nodeTypes: INodeTypes,
	node: Partial<INode> = {},
): { workflow: Workflow; node: INode } {
	const scratchNode: INode = {
		id: 'scratch',
		name: 'Scratch',
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...node,
	};
	const workflow = new runtime.workflow.Workflow({
		id: 'scratch',
		nodes: [scratchNode],
		connections: {},
		active: false,
		nodeTypes,
	});
	return { workflow, node: scratchNode };
}
