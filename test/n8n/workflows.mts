import type { IConnections, INode, INodeParameters, NodeConnectionType } from 'n8n-workflow';

import type { WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';

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

/** How far apart nodes stand on the canvas. */
const STEP = 320;

/** The workflow of the nodes that the links connect, in a row. */
export function workflow(name: string, ...links: Link[]): WorkflowDefinition {
	const all = [...new Set(links.flatMap(({ from, to }) => [from, to]))];
	const nodes = all.map((one, index): INode => ({ ...one, position: [STEP * index, 0] }));
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

/** n8n's Edit Fields: an item for each row, or the row's fields added to each item. */
export function editFields(name: string, row: object): INode {
	const parameters = { mode: 'raw', jsonOutput: JSON.stringify(row), includeOtherFields: true };
	return node(name, 'n8n-nodes-base.set', 3.4, { ...parameters, options: {} });
}

/** Makes an item of each entry of the field `items`. */
export function splitOut(name: string): INode {
	return node(name, 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'items', options: {} });
}

/** Items whose text contains the words go to output 0, the others to output 1. */
export function ifContains(name: string, expression: string, words: string): INode {
	const conditions = {
		options: { version: 2, caseSensitive: true, typeValidation: 'strict', leftValue: '' },
		combinator: 'and',
		conditions: [
			{
				id: 'only one',
				leftValue: expression,
				rightValue: words,
				operator: { type: 'string', operation: 'contains' },
			},
		],
	};
	return node(name, 'n8n-nodes-base.if', 2.2, { conditions, options: {} });
}

/** Writes the item's file `data` to disk. */
export function writeFile(name: string, fileName: string): INode {
	const parameters = { operation: 'write', fileName, dataPropertyName: 'data', options: {} };
	return node(name, 'n8n-nodes-base.readWriteFile', 1, parameters);
}

/** Reads a file into the item's `data`. */
export function readFile(name: string, fileSelector: string): INode {
	const parameters = { operation: 'read', fileSelector, options: {} };
	return node(name, 'n8n-nodes-base.readWriteFile', 1, parameters);
}

/** Output 0 is taken when all is done, output 1 for each batch. */
export function loopOverItems(name: string, batchSize: number): INode {
	return node(name, 'n8n-nodes-base.splitInBatches', 3, { batchSize, options: {} });
}

/** Calls another workflow with all items. */
export function executeWorkflow(name: string, id: string): INode {
	const parameters = {
		workflowId: { __rl: true, mode: 'id', value: id },
		workflowInputs: { mappingMode: 'defineBelow', value: {} },
		options: {},
	};
	return node(name, 'n8n-nodes-base.executeWorkflow', 1.2, parameters);
}

export function noOperation(name: string): INode {
	return node(name, 'n8n-nodes-base.noOp', 1);
}

export const START = 'When clicking ‘Execute workflow’';

export function manualTrigger(): INode {
	return node(START, 'n8n-nodes-base.manualTrigger', 1);
}

export function scheduleTrigger(seconds: number): INode {
	const interval = [{ field: 'seconds', secondsInterval: seconds }];
	return node('Schedule Trigger', 'n8n-nodes-base.scheduleTrigger', 1.2, { rule: { interval } });
}

/** A webhook whose answer is what nodes stream. Its path is its name. */
export function streamingWebhook(name: string): INode {
	const parameters = { httpMethod: 'POST', path: name, responseMode: 'streaming', options: {} };
	return node(name, 'n8n-nodes-base.webhook', 2.1, parameters, { webhookId: name });
}

/** A public chat that streams. Its address is made from its name. */
export function chatTrigger(name: string): INode {
	const parameters = { public: true, mode: 'webhook', options: { responseMode: 'streaming' } };
	const type = '@n8n/n8n-nodes-langchain.chatTrigger';
	return node(name, type, 1.3, parameters, { webhookId: name });
}

/** The start of a workflow that others call. */
export function calledByWorkflow(): INode {
	const type = 'n8n-nodes-base.executeWorkflowTrigger';
	return node('When Executed by Another Workflow', type, 1.1, { inputSource: 'passthrough' });
}
