import type { INodeType, ISupplyDataFunctions } from 'n8n-workflow';

import { nodeType, textParameter } from './nodeType.mts';

export const memoryNode: INodeType = {
	...nodeType('memory', undefined, {
		inputs: [],
		outputs: ['ai_memory'],
		properties: [textParameter('topic')],
	}),
	async supplyData(this: ISupplyDataFunctions, itemIndex: number) {
		const topic = this.getNodeParameter('topic', itemIndex) as string;
		return { response: { recall: () => `about ${topic}` } };
	},
};

export const rememberNode = nodeType(
	'remember',
	async function () {
		const memory = (await this.getInputConnectionData('ai_memory', 0)) as { recall(): string };
		return [[{ json: { memory: memory.recall() } }]];
	},
	{ inputs: ['main', { type: 'ai_memory', maxConnections: 1 }] },
);
