import { Readable } from 'node:stream';
import { parse, stringify } from 'flatted';
import type {
	IBinaryData,
	INodeExecutionData,
	IRun,
	ITaskData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { EngineParts } from './parts.mts';
import { runInScope } from './runtime.mts';
import type { EngineRun, RunningExecution, RunOptions, WorkflowJson } from './types.mts';

export function createEngineRun(
	{ binaryData }: EngineParts,
	executionId: string,
	run: IRun,
): EngineRun {
	const { error } = run.data.resultData;
	return {
		run,
		executionId,
		status: run.status,
		...(error && { error }),
		items: (nodeName, output = 0, runIndex = 0) =>
			taskOf(run, nodeName, runIndex).data?.main?.[output] ?? [],
		hints: (nodeName) => tasksOf(run, nodeName).flatMap((task) => task.hints ?? []),
		binary: (item, property) => binaryData.getAsBuffer(binaryOf(item, property)),
		binaryStream: (item, property) => openStream(binaryData, binaryOf(item, property)),
	};
}

function tasksOf(run: IRun, nodeName: string): ITaskData[] {
	const { runData, error } = run.data.resultData;
	const tasks = runData[nodeName];
	if (tasks) return tasks;
	const ran = Object.keys(runData).join(', ');
	throw new Error(`Node "${nodeName}" did not run. These ran: ${ran}`, { cause: error });
}

function taskOf(run: IRun, nodeName: string, runIndex: number): ITaskData {
	const tasks = tasksOf(run, nodeName);
	const task = tasks[runIndex];
	if (task) return task;
	throw new Error(`Node "${nodeName}" ran ${tasks.length} times, there is no run ${runIndex}`);
}

function binaryOf(item: INodeExecutionData, property = 'data'): IBinaryData {
	const binary = item.binary?.[property];
	if (binary) return binary;
	const present = Object.keys(item.binary ?? {}).join(', ') || 'none';
	throw new Error(`The item has no binary property "${property}". Present: ${present}`);
}

async function openStream(
	binaryData: EngineParts['binaryData'],
	binary: IBinaryData,
): Promise<Readable> {
	if (binary.id) return await binaryData.getAsStream(binary.id);
	return Readable.from([await binaryData.getAsBuffer(binary)]);
}

/** @throws Error when the workflow cannot start: unknown node type, nothing to start from */
export function startExecution(
	parts: EngineParts,
	executionId: string,
	json: WorkflowJson,
	options: RunOptions,
): RunningExecution {
	const workflow = createWorkflow(parts, json);
	const { retryOf } = options;
	const mode = options.mode ?? (retryOf === undefined ? 'manual' : 'retry');
	const additionalData = addRunData(parts, executionId, { workflow, mode, options });
	const { WorkflowExecute } = parts.runtime.core;
	const running = runInScope(parts.scope, () =>
		retryOf === undefined
			? new WorkflowExecute(additionalData, mode).run({
					workflow,
					...startingPoint(workflow, mode, json, options),
				})
			: new WorkflowExecute(
					additionalData,
					mode,
					retriedData(workflow, retryOf),
				).processRunExecutionData(workflow),
	);
	return {
		executionId,
		finished: running.then((run: IRun) => createEngineRun(parts, executionId, run)),
		cancel: () => running.cancel(),
	};
}

/** What n8n starts a retry from: the data as it was stored, without the failure, for the workflow as it is now. */
function retriedData(workflow: Workflow, failed: IRun): IRun['data'] {
	const data = parse(stringify(failed.data)) as IRun['data'];
	const { resultData, executionData } = data;
	delete resultData.error;
	const runs = resultData.runData[resultData.lastNodeExecuted ?? ''];
	if (runs?.at(-1)?.error !== undefined) runs.pop();
	for (const entry of executionData?.nodeExecutionStack ?? []) {
		entry.node = workflow.getNode(entry.node.name) ?? entry.node;
	}
	return data;
}

function createWorkflow({ runtime, nodeTypes }: EngineParts, json: WorkflowJson): Workflow {
	// n8n writes default values into the nodes it is given, and the caller may run them again.
	const { id = 'engine', name = 'Workflow', ...rest } = structuredClone(json);
	return new runtime.workflow.Workflow({ ...rest, id, name, active: false, nodeTypes });
}

function startingPoint(
	workflow: Workflow,
	mode: WorkflowExecuteMode,
	json: WorkflowJson,
	{ input = [{ json: {} }], startNode: name, pinData }: RunOptions,
) {
	const startNode = name === undefined ? workflow.getStartNode() : workflow.getNode(name);
	if (!startNode)
		throw new Error(`The workflow has no node to start from: ${name ?? 'no trigger'}`);
	const pinned = pinData ?? (mode === 'manual' ? json.pinData : undefined);
	return {
		startNode,
		triggerToStartFrom: { name: startNode.name, data: inputAsTaskData(input) },
		...(pinned && { pinData: structuredClone(pinned) }),
	};
}

function inputAsTaskData(input: NonNullable<RunOptions['input']>) {
	const data = { main: [structuredClone(input)] };
	return { data, startTime: 0, executionTime: 0, executionIndex: 0, source: [] };
}

interface RunSettings {
	workflow: Workflow;
	mode: WorkflowExecuteMode;
	options: RunOptions;
}

function addRunData(
	parts: EngineParts,
	executionId: string,
	settings: RunSettings,
): IWorkflowExecuteAdditionalData {
	return Object.assign(parts.createAdditionalData(), {
		executionId,
		workflowId: settings.workflow.id,
		rootExecutionMode: settings.mode,
		streamingEnabled: settings.options.onChunk !== undefined,
		hooks: createHooks(parts, executionId, settings),
	});
}

function createHooks(parts: EngineParts, executionId: string, settings: RunSettings) {
	const { workflow, mode, options } = settings;
	const { onChunk, onNodeFinished } = options;
	const { id, name = '', nodes, connectionsBySourceNode: connections } = workflow;
	const record = { id, name, nodes: Object.values(nodes), connections } as IWorkflowBase;
	const hooks = new parts.runtime.core.ExecutionLifecycleHooks(mode, executionId, record);
	if (onChunk) hooks.addHandler('sendChunk', (chunk) => onChunk(chunk));
	if (onNodeFinished) {
		hooks.addHandler('nodeExecuteAfter', (nodeName, taskData) =>
			onNodeFinished(nodeName, taskData),
		);
	}
	return hooks;
}
