import type {
	IBinaryKeyData,
	IExecuteFunctions,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { NODE, node, oneNode } from './support.mts';

/** Puts the files of its items where the engine keeps binary data, as n8n's own nodes do. */
class StoreNode implements INodeType {
	description = {
		displayName: 'Store',
		name: 'store',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Store' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	} as INodeTypeDescription;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData().map(async ({ json, binary = {} }, item) => {
			const stored: IBinaryKeyData = {};
			for (const [name, { data, fileName, mimeType }] of Object.entries(binary)) {
				const bytes = Buffer.from(data, 'base64');
				stored[name] = await this.helpers.prepareBinaryData(bytes, fileName, mimeType);
			}
			return { json, binary: stored, pairedItem: { item } };
		});
		return [await Promise.all(items)];
	}
}

/** The type of the node that `afterStore` adds. */
export const STORE = { 'test.store': new StoreNode() };

/** Trigger, _Store_ and the AiChats node. */
export function afterStore(parameters: INodeParameters) {
	const workflow = oneNode(parameters);
	workflow.nodes.push(node('Store', 'test.store', {}));
	workflow.connections = {
		Start: { main: [[{ node: 'Store', type: 'main', index: 0 }]] },
		Store: { main: [[{ node: NODE, type: 'main', index: 0 }]] },
	};
	return workflow;
}
