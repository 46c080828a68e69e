import { Readable } from 'node:stream';

import type { IBinaryData, INodeExecutionData, IRun, ITaskData } from 'n8n-workflow';

import type { EngineParts } from './parts.mts';
import type { EngineRun } from './types.mts';

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
