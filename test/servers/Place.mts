import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	StructuredChunk,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { createEngine, type Engine, type EngineRun } from '../../dev/engine/index.mts';
import type { Endpoint } from '../../dev/servers/recipe.mts';
import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';
import { NODE, node, NODE_PACKAGE, oneNode } from '../engine/support.mts';

const CREDENTIAL = 'aiChatsOpenAiCompatibleApi';
const ROOT = 'Root';

/** What n8n's agents and chains get of a model sub-node, as far as it is used here. */
export interface SuppliedModel {
	invoke(input: unknown, options?: object): Promise<SuppliedMessage>;
	stream(input: unknown): Promise<AsyncIterable<SuppliedMessage>>;
	bindTools(tools: unknown[]): SuppliedModel;
}

export interface SuppliedMessage {
	content: unknown;
	tool_calls?: Array<{ id: string; name: string; args: object }>;
	usage_metadata?: { input_tokens: number; output_tokens: number };
}

/** A failed item, or what a successful one holds. */
export interface Answer {
	json: IDataObject;
	failure?: { message: string; kind: string; description: string; partialText: string };
}

/** An engine whose credential leads to one model of a server. */
export class Place {
	private question: (model: SuppliedModel) => Promise<unknown> = async () => undefined;

	private constructor(
		readonly endpoint: Endpoint,
		readonly engine: Engine,
	) {}

	static async open(endpoint: Endpoint, nodeTypes: Record<string, INodeType> = {}): Promise<Place> {
		const holder: { place?: Place } = {};
		const root = rootNode(async (model) => await holder.place?.question(model));
		const engine = await createEngine({
			package: { ...NODE_PACKAGE, nodes: [...NODE_PACKAGE.nodes, LmChatAiChats] },
			credentials: { [CREDENTIAL]: { type: CREDENTIAL, data: credentialOf(endpoint) } },
			nodeTypes: { 'test.root': root, ...nodeTypes },
		});
		holder.place = new Place(endpoint, engine);
		return holder.place;
	}

	/** The credential test, as n8n runs it on saving. */
	async testCredential(apiKey = this.endpoint.apiKey) {
		return await this.engine.testCredential(CREDENTIAL, credentialOf({ ...this.endpoint, apiKey }));
	}

	async models(): Promise<string[]> {
		const parameters = { provider: 'openAiCompatible', operation: 'chat' };
		const credentials = { [CREDENTIAL]: { id: CREDENTIAL, name: CREDENTIAL } };
		const type = 'n8n-nodes-aichats.aiChats';
		const found = await this.engine.searchList({ type, parameters, credentials }, 'searchModels');
		return found.results.map(({ value }) => String(value));
	}

	/** Runs Chat on the items and gives every one back, failed ones too. */
	async chat(
		parameters: INodeParameters,
		items: INodeExecutionData[] = [{ json: {} }],
		onChunk?: (chunk: StructuredChunk) => void,
	): Promise<{ answers: Answer[]; run: EngineRun }> {
		const run = await this.start(parameters, items, onChunk).finished;
		return { answers: run.items(NODE).map(({ json }) => toAnswer(json)), run };
	}

	start(
		parameters: INodeParameters,
		items: INodeExecutionData[] = [{ json: {} }],
		onChunk?: (chunk: StructuredChunk) => void,
	) {
		const workflow = oneNode(this.parameters(parameters), 'continueRegularOutput');
		return this.engine.start(workflow, { input: items, ...(onChunk && { onChunk }) });
	}

	/** Runs a question on the Chat Model. @throws what it throws */
	async ask<Result>(
		question: (model: SuppliedModel) => Promise<Result>,
		options: INodeParameters = {},
	): Promise<Result> {
		let result: { value: Result } | undefined;
		this.question = async (model) => {
			result = { value: await question(model) };
		};
		const finished = await this.engine.run(this.withModel(options, node(ROOT, 'test.root', {})));
		if (result !== undefined) return result.value;
		const { error } = finished;
		const words = error && 'description' in error ? ` ${error.description ?? ''}` : '';
		throw new Error(`${error?.message ?? 'The question was not asked'}.${words}`);
	}

	/** A workflow of the trigger, a root node, and our Chat Model for it. */
	withModel(options: INodeParameters, root: ReturnType<typeof node>) {
		const workflow = oneNode({});
		const model = {
			...workflow.nodes[1]!,
			name: 'Model',
			type: 'n8n-nodes-aichats.lmChatAiChats',
			parameters: this.parameters({ options }),
		};
		workflow.nodes = [workflow.nodes[0]!, model, root];
		workflow.connections = {
			Start: { main: [[{ node: root.name, type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: root.name, type: 'ai_languageModel', index: 0 }]] },
		};
		return workflow;
	}

	async close(): Promise<void> {
		await this.engine.close();
	}

	private parameters(parameters: INodeParameters): INodeParameters {
		const model = { __rl: true, mode: 'id', value: this.endpoint.model };
		return { provider: 'openAiCompatible', operation: 'chat', model, ...parameters };
	}
}

function credentialOf({ baseUrl, apiKey }: Pick<Endpoint, 'baseUrl' | 'apiKey'>) {
	return { baseUrl, apiKey };
}

function toAnswer(json: IDataObject): Answer {
	const { error, errorDetails } = json;
	if (typeof error !== 'string') return { json };
	const details = errorDetails as Record<string, string | null>;
	const { kind, description, partialText } = details;
	return {
		json,
		failure: {
			message: error,
			kind: String(kind),
			description: description ?? '',
			partialText: partialText ?? '',
		},
	};
}

/** A root node that hands its model over. */
function rootNode(use: (model: SuppliedModel) => Promise<unknown>): INodeType {
	const description = {
		displayName: 'Root',
		name: 'root',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Root' },
		inputs: [
			NodeConnectionTypes.Main,
			{ type: NodeConnectionTypes.AiLanguageModel, maxConnections: 1 },
		],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	} as unknown as INodeType['description'];
	return {
		description,
		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const type = NodeConnectionTypes.AiLanguageModel;
			await use((await this.getInputConnectionData(type, 0)) as SuppliedModel);
			return [[{ json: {} }]];
		},
	};
}
