import type { IDataObject, INodeParameters, StructuredChunk } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach } from 'vitest';

import type { EngineOptions } from '../../dev/engine/index.mts';
import { type Bench, NODE, node, oneNode, openBench } from './support.mts';
import { agentNode, type Tool, toolNode } from './toolNodes.mts';

const AGENT = 'Agent';

export interface ToolRunOptions {
	onError?: 'continueRegularOutput';
	onChunk?: (chunk: StructuredChunk) => void;
}

/** A bench with an agent that has the node for a tool. */
export function useToolBench(engine: Partial<EngineOptions> = {}) {
	let bench: Bench;
	let use: (tool: Tool) => Promise<string>;

	beforeAll(async () => {
		const nodeTypes = {
			'test.agent': agentNode(async (tool) => await use(tool)),
			'n8n-nodes-aichats.aiChatsTool': toolNode(),
		};
		bench = await openBench({ engine: { nodeTypes, ...engine } });
	});
	beforeEach(() => bench.service.reset());
	afterAll(async () => await bench.close());

	/** @returns what the agent made of its tool. @throws what stopped it */
	async function withTool(
		parameters: INodeParameters,
		question: typeof use,
		{ onError, ...options }: ToolRunOptions = {},
	): Promise<string> {
		use = question;
		const finished = await bench.engine.run(agentWithTool(parameters, onError), options);
		if (finished.error !== undefined) throw finished.error;
		return String(finished.items(AGENT)[0]?.json['result']);
	}

	/** What the agent reads when it has called the tool with these values. */
	async function answersTo(
		parameters: INodeParameters,
		values: IDataObject,
		options?: ToolRunOptions,
	): Promise<IDataObject[]> {
		const answer = await withTool(parameters, async (tool) => await tool.invoke(values), options);
		return JSON.parse(answer) as IDataObject[];
	}

	return { service: () => bench.service, withTool, answersTo };
}

function agentWithTool(parameters: INodeParameters, onError: ToolRunOptions['onError']) {
	const workflow = oneNode(parameters, onError);
	workflow.nodes[1]!.type = 'n8n-nodes-aichats.aiChatsTool';
	workflow.nodes.push(node(AGENT, 'test.agent', {}));
	workflow.connections = {
		Start: { main: [[{ node: AGENT, type: 'main', index: 0 }]] },
		[NODE]: { ai_tool: [[{ node: AGENT, type: 'ai_tool', index: 0 }]] },
	};
	return workflow;
}
