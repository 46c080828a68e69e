import { ChatOpenAI } from '@langchain/openai';
import {
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type ISupplyDataFunctions,
	type NodeConnectionType,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';
import { type BenchRunOptions, NODE, node, NODE_PACKAGE, oneNode } from './support.mts';
import { useBench } from './useBench.mts';

export const MODEL = 'Model';

/** A sub-node that supplies whatever the test wants, and notes for what it is asked. */
export class SupplyNode implements INodeType {
	/** For which items it was asked. */
	readonly asked: unknown[] = [];
	supply: (context: ISupplyDataFunctions, itemIndex: number) => unknown = () => undefined;

	description: INodeType['description'];

	constructor(output: NodeConnectionType) {
		this.description = {
			displayName: 'Supply',
			name: 'supply',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Supply' },
			inputs: [],
			outputs: [output],
			properties: [{ displayName: 'Model', name: 'model', type: 'string', default: '' }],
		};
	}

	supplyData = ((self: SupplyNode) =>
		async function (this: ISupplyDataFunctions, itemIndex: number) {
			self.asked.push(itemIndex);
			return { response: self.supply(this, itemIndex) };
		})(this);
}

/** LangChain's own client for OpenAI, as n8n's OpenAI Chat Model makes it. */
export function openAiModel(baseURL: string, more: object = {}): ChatOpenAI {
	return new ChatOpenAI({
		apiKey: 'sk-connected-0123456789',
		model: 'gpt-4o-mini',
		maxRetries: 0,
		configuration: { baseURL },
		...more,
	});
}

interface ConnectedRunOptions extends BenchRunOptions {
	/** Parameters of the chat model node. */
	model?: INodeParameters;
	/** Whether that is the AiChats Chat Model. */
	ours?: boolean;
	connected?: boolean;
	/** What a memory node supplies, where one is connected. */
	memory?: object;
}

/** A chat model node and AiChats with the provider Connected Chat Model before the stand-in service. */
export function useConnectedModel(credential: Record<string, string> = {}) {
	const modelNode = new SupplyNode(NodeConnectionTypes.AiLanguageModel);
	const memoryNode = new SupplyNode(NodeConnectionTypes.AiMemory);
	const bench = useBench({
		credential,
		engine: {
			package: { ...NODE_PACKAGE, nodes: [...NODE_PACKAGE.nodes, LmChatAiChats] },
			nodeTypes: { 'test.model': modelNode, 'test.memory': memoryNode },
		},
	});

	function workflow(parameters: INodeParameters, model: INodeParameters, ours: boolean) {
		const made = oneNode({ operation: 'chat', provider: 'connectedModel', ...parameters });
		const { credentials } = made.nodes[1]!;
		const type = ours ? 'n8n-nodes-aichats.lmChatAiChats' : 'test.model';
		made.nodes.push({ ...node(MODEL, type, model), credentials: credentials! });
		made.connections[MODEL] = {
			ai_languageModel: [[{ node: NODE, type: NodeConnectionTypes.AiLanguageModel, index: 0 }]],
		};
		return made;
	}

	function start(
		parameters: INodeParameters,
		items: INodeExecutionData[] = [{ json: {} }],
		{
			model = {},
			ours = false,
			connected = true,
			memory,
			onError,
			...rest
		}: ConnectedRunOptions = {},
	) {
		const made = workflow(parameters, model, ours);
		if (!connected) delete made.connections[MODEL];
		if (memory !== undefined) {
			memoryNode.supply = () => memory;
			made.nodes.push(node('Memory', 'test.memory', {}));
			made.connections['Memory'] = {
				ai_memory: [[{ node: NODE, type: NodeConnectionTypes.AiMemory, index: 0 }]],
			};
		}
		if (onError !== undefined) made.nodes[1]!.onError = onError;
		return bench().engine.start(made, { input: items, ...rest });
	}

	return {
		bench,
		modelNode,
		start,
		run: async (...parameters: Parameters<typeof start>) => await start(...parameters).finished,
	};
}
