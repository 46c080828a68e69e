import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Reply } from '../../../providers/collectReply';
import { parseJson, withoutUndefined } from '../../../providers/decode/json';
import type { ToolCall } from '../../../providers/types';
import type { ImageOutput } from '../fields/imageOutput';
import type { ItemRun } from '../ItemRun';
import type { StoredImage } from './storeImages';

/** A whole answer, its images in n8n's storage. */
export interface ChatAnswer extends Omit<Reply, 'images'> {
	/** The model as the service names it, or as it was asked for. */
	model: string;
	/** Why models before this one did not answer. */
	details?: IDataObject;
	/** The value of a JSON answer. */
	output?: unknown;
	/** What of the schema was not checked. */
	unchecked?: readonly string[];
	images: readonly StoredImage[];
	/** Why images did not arrive. */
	lost: readonly string[];
}

/** A whole answer as an output item. @param repeatOf the item that it was asked for, if it was another */
export function chatItem(run: ItemRun, answer: ChatAnswer, repeatOf?: number): INodeExecutionData {
	const simple = run.parameter('simplify', true);
	const files = chatFiles(run, answer);
	const json = withoutUndefined({
		...answerJson(run, answer, simple),
		...answer.details,
		...files.json,
		repeatOf,
	});
	const pairedItem = { item: run.itemIndex };
	return files.binary === undefined
		? { json, pairedItem }
		: { json, binary: files.binary, pairedItem };
}

function answerJson(run: ItemRun, answer: ChatAnswer, simple: boolean): IDataObject {
	if (simple && run.isTool) return shortAnswer(answer);
	const plain = simpleAnswer(answer);
	return simple ? plain : { ...plain, ...wholeAnswer(run, answer) };
}

/** What an agent has to read, which pays for every word of it. */
function shortAnswer({ text, output, finishReason = 'stop' }: ChatAnswer): IDataObject {
	return {
		...(output === undefined ? { text } : { output: output as IDataObject }),
		...(finishReason === 'stop' ? {} : { finishReason }),
	};
}

function simpleAnswer(answer: ChatAnswer): IDataObject {
	const { text, output, model, finishReason = null, usage, sources } = answer;
	return {
		output: output as IDataObject | undefined,
		text,
		model,
		finishReason,
		usage: usage && { ...usage },
		sources: sources.length === 0 ? undefined : sources.map((source) => ({ ...source })),
	};
}

function wholeAnswer(run: ItemRun, reply: ChatAnswer): IDataObject {
	return {
		provider: run.providerName,
		reasoning: reply.reasoning === '' ? null : reply.reasoning,
		toolCalls: reply.toolCalls.map(plainToolCall),
		fragments: reply.fragments,
		retries: run.retries,
		logprobs: reply.logprobs as IDataObject[] | undefined,
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
interface ChatFiles {
	json: IDataObject;
	/** Under `image`, `image_2`, … */
	binary?: Record<string, IBinaryData>;
}

/** The images that came beside the text of a chat, as files of its one item. */
function chatFiles(run: ItemRun, { images, lost }: ChatAnswer): ChatFiles {
	if (lost.length > 0) run.hint(`Not every image arrived: ${lost[0]}`);
	const json = {
		images: images.length === 0 ? undefined : images.map((image) => image.json),
		failedImages: lost.length === 0 ? undefined : [...lost],
	};
	const files = images.flatMap(({ binary = {} }, index) =>
		Object.entries(binary).map(
			([name, file]) => [index === 0 ? name : `${name}_${index + 1}`, file] as const,
		),
	);
	return files.length === 0 ? { json } : { json, binary: Object.fromEntries(files) };
}
