import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Reply } from '../../../providers/collectReply';
import { parseJson } from '../../../providers/decode/json';
import type { ToolCall } from '../../../providers/types';
import type { ItemRun } from '../ItemRun';
import { failureText, type ImageOutput, type ImageSink } from './storeImages';

type Answer = Reply & { output?: unknown };

/** A whole answer as an output item. */
export function chatItem(
	run: ItemRun,
	model: string,
	reply: Answer,
	{ json, binary }: ChatFiles = { json: {} },
): INodeExecutionData {
	const simple = run.parameter('simplify', true);
	return {
		json: { ...answer(run, model, reply, simple), ...json },
		...(binary === undefined ? {} : { binary }),
		pairedItem: { item: run.itemIndex },
	};
}

function answer(run: ItemRun, model: string, reply: Answer, simple: boolean): IDataObject {
	if (simple && run.isTool) return shortAnswer(reply);
	const plain = simpleAnswer(model, reply);
	return simple ? plain : { ...plain, ...wholeAnswer(run, reply) };
}

/** What an agent has to read, which pays for every word of it. */
function shortAnswer({ text, output, finishReason = 'stop' }: Answer): IDataObject {
	return {
		...(output === undefined ? { text } : { output: output as IDataObject }),
		...(finishReason === 'stop' ? {} : { finishReason }),
	};
}

function simpleAnswer(model: string, reply: Answer): IDataObject {
	const { text, output, finishReason = null, usage, sources } = reply;
	return {
		...(output === undefined ? {} : { output: output as IDataObject }),
		text,
		model: reply.model ?? model,
		finishReason,
		...(usage === undefined ? {} : { usage: { ...usage } }),
		...(sources.length === 0 ? {} : { sources: sources.map((source) => ({ ...source })) }),
	};
}

function wholeAnswer(run: ItemRun, reply: Reply): IDataObject {
	return {
		provider: run.providerName,
		reasoning: reply.reasoning === '' ? null : reply.reasoning,
		toolCalls: reply.toolCalls.map(plainToolCall),
		fragments: reply.fragments,
		retries: run.retries,
		...(reply.logprobs === undefined ? {} : { logprobs: reply.logprobs as IDataObject[] }),
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

/** Images that come beside the text of a chat. */
export const CHAT_IMAGES: ImageOutput = { kind: 'binary', property: 'image', fileName: 'image' };

/** What the images of a chat add to its item. */
export interface ChatFiles {
	json: IDataObject;
	/** Under `image`, `image_2`, … */
	binary?: Record<string, IBinaryData>;
}

/** The images that came beside the text of a chat, as files of its one item. */
export function chatFiles(run: ItemRun, { images, failures }: ImageSink): ChatFiles {
	const failed = failures.map((error) => failureText(run, error));
	if (failed.length > 0) run.hint(`Not every image arrived: ${failed[0]}`);
	const json = {
		...(images.length === 0 ? {} : { images: images.map((image) => image.json) }),
		...(failed.length === 0 ? {} : { failedImages: failed }),
	};
	const files = images.flatMap(({ binary = {} }, index) =>
		Object.entries(binary).map(
			([name, file]) => [index === 0 ? name : `${name}_${index + 1}`, file] as const,
		),
	);
	return files.length === 0 ? { json } : { json, binary: Object.fromEntries(files) };
}
