import type { INodeExecutionData, INodeParameters, INode } from 'n8n-workflow';

import { AiChatsApi } from '../../credentials/AiChatsApi.credentials.ts';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import {
	createEngine,
	type Engine,
	type EngineOptions,
	type PackageClasses,
	type RunOptions,
	type WorkflowJson,
} from '../../dev/engine/index.mts';
import {
	type LocalService,
	type LocalServiceOptions,
	startLocalService,
} from '../../dev/service/index.mts';
import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';

export const NODE = 'AiChats';

/** The source classes, as the package would bring them. */
export const NODE_PACKAGE: PackageClasses = {
	name: 'n8n-nodes-aichats',
	nodes: [AiChats],
	credentials: [AiChatsApi, AiChatsOpenAiCompatibleApi],
};

const TRIGGER = 'Start';

/** A service and an engine that reaches it, with a credential of each type under its type's name. */
export interface Bench {
	service: LocalService;
	engine: Engine;
	/** Runs one AiChats node on the items. */
	run(
		parameters: INodeParameters,
		items?: INodeExecutionData[],
		options?: BenchRunOptions,
	): ReturnType<Engine['run']>;
	/** Starts it, for runs that are to be stopped. */
	start(
		parameters: INodeParameters,
		items?: INodeExecutionData[],
		options?: BenchRunOptions,
	): ReturnType<Engine['start']>;
	close(): Promise<void>;
}

export interface BenchRunOptions extends RunOptions {
	onError?: INode['onError'];
}

export interface BenchOptions {
	service?: LocalServiceOptions;
	engine?: Partial<EngineOptions>;
	/** Fields of both credentials, besides the base URL. */
	credential?: Record<string, string | boolean | object>;
}

export async function openBench(options: BenchOptions = {}): Promise<Bench> {
	const service = await startLocalService(options.service);
	const data = { baseUrl: service.url, ...options.credential } as Record<string, string>;
	const engine = await createEngine({
		package: NODE_PACKAGE,
		credentials: {
			aiChatsApi: { type: 'aiChatsApi', data },
			aiChatsOpenAiCompatibleApi: { type: 'aiChatsOpenAiCompatibleApi', data },
		},
		...options.engine,
	});
	const start: Bench['start'] = (parameters, items = [{ json: {} }], { onError, ...rest } = {}) =>
		engine.start(oneNode(parameters, onError), { input: items, ...rest });
	return {
		service,
		engine,
		start,
		run: async (...parameters) => await start(...parameters).finished,
		close: async () => {
			await engine.close();
			await service.close();
		},
	};
}

/** Trigger and AiChats node, as the editor would export them. */
export function oneNode(parameters: INodeParameters, onError?: INode['onError']): WorkflowJson {
	const credentials = Object.fromEntries(
		['aiChatsApi', 'aiChatsOpenAiCompatibleApi'].map((type) => [type, { id: type, name: type }]),
	);
	return {
		nodes: [
			node(TRIGGER, 'n8n-nodes-base.manualTrigger', {}),
			{
				...node(NODE, 'n8n-nodes-aichats.aiChats', parameters),
				credentials,
				...(onError === undefined ? {} : { onError }),
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
	};
}

export function node(name: string, type: string, parameters: INodeParameters): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}
