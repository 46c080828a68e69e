import type { INode } from 'n8n-workflow';

import { node } from './workflow.mts';

/** n8n's Edit Fields: an item for each row, or the row's fields added to each item. */
export function editFields(name: string, row: object): INode {
	const parameters = { mode: 'raw', jsonOutput: JSON.stringify(row), includeOtherFields: true };
	return node(name, 'n8n-nodes-base.set', 3.4, { ...parameters, options: {} });
}

/** Makes an item of each entry of the field `items`. */
export function splitOut(name: string): INode {
	return node(name, 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'items', options: {} });
}

/** Items for which the text expression contains the words go to output 0, the others to 1. */
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
