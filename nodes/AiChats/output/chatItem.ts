import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Reply } from '../../../providers/collectReply';
import { parseJson } from '../../../providers/decode/json';
import type { ToolCall } from '../../../providers/messages';
import type { ItemRun } from '../run/ItemRun';

/** A whole answer as an output item. */
export function chatItem(
	run: ItemRun,
	model: string,
	reply: Reply & { output?: unknown },
): INodeExecutionData {
	const simple = simpleAnswer(model, reply);
	const json = run.parameter('simplify', true) ? simple : { ...simple, ...wholeAnswer(run, reply) };
	return { json, pairedItem: { item: run.itemIndex } };
}

function simpleAnswer(model: string, reply: Reply & { output?: unknown }): IDataObject {
	const { text, output, finishReason = null, usage } = reply;
	return {
		...(output === undefined ? {} : { output: output as IDataObject }),
		text,
		model: reply.model ?? model,
		finishReason,
		...(usage === undefined ? {} : { usage: { ...usage } }),
	};
}

function wholeAnswer(run: ItemRun, reply: Reply): IDataObject {
	return {
		provider: run.providerName,
		reasoning: reply.reasoning === '' ? null : reply.reasoning,
		toolCalls: reply.toolCalls.map(plainToolCall),
		fragments: reply.fragments,
		retries: run.retries,
	};
}

/** The arguments as an object where they are JSON, as every model intends them. */
function plainToolCall(call: ToolCall): IDataObject {
	const parsed = parseJson(call.arguments);
	return {
		id: call.id,
		name: call.name,
		arguments: parsed.ok ? (parsed.value as IDataObject) : call.arguments,
	};
}
