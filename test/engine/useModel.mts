import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach } from 'vitest';

import { createEngine, type Engine } from '../../dev/engine/index.mts';
import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';
import { node, NODE_PACKAGE, oneNode } from './support.mts';

/** What n8n's agents and chains get of a model sub-node: LangChain's chat model, as far as it is used here. */
export interface SuppliedModel {
	invoke(input: unknown, options?: object): Promise<SuppliedMessage>;
	stream(input: unknown): Promise<AsyncIterable<SuppliedMessage>>;
	bindTools(tools: unknown[]): SuppliedModel;
}

export interface SuppliedMessage {
	content: string | Array<{ type: string; text: string }>;
	additional_kwargs?: object;
	tool_calls?: Array<{ id: string; name: string; args: object }>;
	tool_call_chunks?: Array<{ id?: string; name?: string; args?: string }>;
	usage_metadata?: { input_tokens: number; output_tokens: number; total_tokens: number };
	response_metadata: { finish_reason?: string };
	concat(next: SuppliedMessage): SuppliedMessage;
}

/** Supplies another model, as agents let n8n do for an item or after a tool. */
export type Supply = (itemIndex?: number) => Promise<SuppliedModel>;

export type Ask = (model: SuppliedModel, supply: Supply) => Promise<unknown>;

export function textOf({ content }: SuppliedMessage): string {
	return typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('');
}

/** The pieces of a streamed answer put together, as LangChain does it. */
export async function streamed(model: SuppliedModel, input: unknown): Promise<SuppliedMessage> {
	let message: SuppliedMessage | undefined;
	for await (const piece of await model.stream(input)) message = message?.concat(piece) ?? piece;
	return message as SuppliedMessage;
}

/** A root node that hands its model to the test: what an agent or a chain does, without their own turns. */
export function rootNode(question: () => Ask): INodeType {
	return {
		description: {
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
		} as unknown as INodeType['description'],
		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const type = NodeConnectionTypes.AiLanguageModel;
			const supply: Supply = async (itemIndex = 0) =>
				(await this.getInputConnectionData(type, itemIndex)) as SuppliedModel;
			const result = await question()(await supply(), supply);
			return [[{ json: { result: result as string } }]];
		},
	};
}

/** Root node with the Chat Model, as the editor would export them. */
export function withModel(parameters: IDataObject) {
	const workflow = oneNode({});
	const model = workflow.nodes[1]!;
	workflow.nodes[1] = {
		...model,
		name: 'Model',
		type: 'n8n-nodes-aichats.lmChatAiChats',
		parameters: parameters as (typeof model)['parameters'],
	};
	workflow.nodes.push(node('Root', 'test.root', {}));
	workflow.connections = {
		Start: { main: [[{ node: 'Root', type: 'main', index: 0 }]] },
		Model: { ai_languageModel: [[{ node: 'Root', type: 'ai_languageModel', index: 0 }]] },
	};
	return workflow;
}

/** The body of a request to `/chat/completions`. */
export interface Asked {
	model: string;
	stream?: boolean;
	messages: Array<Record<string, unknown>>;
	tools?: Array<{ function: { parameters: object } }>;
	/** Not of the body: the header. */
	authorization?: string | undefined;
}

/** What to answer: a completion, or the chunks of a streamed one; with `error`, as status 400. */
export type Answer = (body: Asked) => object | object[];

/** A Chat Model before a server with two models, whose every answer is written by the test. */
export function useModel(credential: Record<string, string> = {}) {
	const asked: Asked[] = [];
	let answer: Answer;
	let ask: Ask;
	let engine: Engine;
	const server = createServer(async (request, response) => {
		if (request.method === 'GET') {
			response.end(JSON.stringify({ data: [{ id: 'a' }, { id: 'b' }] }));
			return;
		}
		let body = '';
		for await (const part of request) body += String(part);
		const question = JSON.parse(body) as Asked;
		asked.push({ ...question, authorization: request.headers.authorization });
		const given = answer(question);
		if (Array.isArray(given)) {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			for (const chunk of given) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
			response.end('data: [DONE]\n\n');
		} else {
			response.writeHead('error' in given ? 400 : 200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(given));
		}
	});

	beforeAll(async () => {
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const types = ['aiChatsApi', 'aiChatsOpenAiCompatibleApi'];
		engine = await createEngine({
			package: { ...NODE_PACKAGE, nodes: [...NODE_PACKAGE.nodes, LmChatAiChats] },
			nodeTypes: { 'test.root': rootNode(() => ask) },
			credentials: Object.fromEntries(
				types.map((type) => [type, { type, data: { baseUrl, ...credential } }]),
			),
		});
	});
	beforeEach(() => void asked.splice(0));
	afterAll(async () => {
		await engine.close();
		server.closeAllConnections();
		server.close();
		await once(server, 'close');
	});

	async function execute(
		question: Ask,
		answers: Answer,
		parameters: IDataObject = {},
		input: INodeExecutionData[] = [{ json: {} }],
	) {
		ask = question;
		answer = answers;
		const defaults = {
			provider: 'openAiCompatible',
			model: { __rl: true, mode: 'id', value: 'm' },
		};
		const finished = await engine.run(withModel({ ...defaults, ...parameters }), { input });
		if (finished.error !== undefined) throw finished.error;
		return finished;
	}

	return {
		asked,
		/** The finished execution; what was logged of the model is in its run data. */
		execute,
		/** What `question` makes of the model. @throws what it throws */
		async run(question: Ask, answers: Answer, parameters?: IDataObject): Promise<unknown> {
			const finished = await execute(question, answers, parameters);
			return finished.items('Root')[0]?.json['result'];
		},
	};
}

export function completion(message: object, finish = 'stop', more: object = {}): object {
	return {
		model: 'm',
		choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
		...more,
	};
}

export function delta(part: object, finish: string | null = null, more: object = {}): object {
	return { model: 'm', choices: [{ index: 0, delta: part, finish_reason: finish }], ...more };
}

/** A tool as an agent binds it. */
export const TOOL = {
	type: 'function',
	function: {
		name: 'get_weather',
		description: 'The weather of a city',
		parameters: {
			$schema: 'http://json-schema.org/draft-07/schema#',
			type: 'object',
			properties: { city: { type: 'string' } },
			required: ['city'],
		},
	},
};

/** Both ways in which n8n asks a model: a chain or an agent without streaming, and one with it. */
export const WAYS: Array<
	[string, (model: SuppliedModel, input: unknown) => Promise<SuppliedMessage>]
> = [
	['invoked', async (model, input) => await model.invoke(input)],
	['streamed', streamed],
];
