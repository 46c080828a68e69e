import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';

/** A tool as LangChain knows it. */
export interface Tool {
	description: string;
	schema: { parse(values: unknown): unknown };
	invoke(values: IDataObject): Promise<string>;
}

/** The node as n8n changes it for agents: another name, no inputs, a tool for output. */
export function toolNode(): INodeType {
	const node = new AiChats();
	Object.assign(node.description, {
		name: 'aiChatsTool',
		inputs: [],
		outputs: [NodeConnectionTypes.AiTool],
	});
	return node;
}

/** A root node that lets a test use the connected tool, which it gets as agents up to version 2 do. */
export function agentNode(use: (tool: Tool) => Promise<string>): INodeType {
	const description = {
		displayName: 'Agent',
		name: 'agent',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Agent' },
		inputs: [NodeConnectionTypes.Main, { type: NodeConnectionTypes.AiTool }],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	} as unknown as INodeType['description'];
	return {
		description,
		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const tools = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
			return [[{ json: { result: await use(tools[0]!) } }]];
		},
	};
}
