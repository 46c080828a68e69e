import { type INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import { collectReply, type Reply } from '../../../providers/collectReply';
import type { Message } from '../../../providers/messages';
import type { GenerateOptions, ResponseFormat } from '../../../providers/options';
import { instruct } from '../../../providers/structured/instruct';
import { structuredReply } from '../../../providers/structured/structuredReply';
import { openMemory } from '../input/memory';
import { readChatOptions } from '../input/readChatOptions';
import { readMessages } from '../input/readMessages';
import { readModel } from '../input/readModel';
import { readResponseFormat } from '../input/readResponseFormat';
import type { ItemRun } from '../run/ItemRun';
import { chatItem } from '../output/chatItem';
import { streamedOutput } from '../output/streamedOutput';

export { description } from './chat.properties';

/** A prompt in, one item with the answer out. Memory keeps the turn only after a whole answer. */
export async function execute(run: ItemRun): Promise<INodeExecutionData[]> {
	const model = readModel(run, 'chat');
	const memory = await openMemory(run);
	const messages = await readMessages(run, await memory?.load());
	const format = readResponseFormat(run);
	const options = readChatOptions(run, format);

	const ask: Ask = async (turns, onText) => await askModel(run, model, turns, options, onText);
	const reply = await streamedOutput(run, async (onText) =>
		format.type === 'text'
			? await ask(messages, onText)
			: await jsonReply(run, messages, format, ask, onText),
	);

	await memory?.save(messages.at(-1)?.content ?? '', reply.text);
	const provider = await run.provider();
	return [chatItem(run, provider.getModel(model), reply)];
}

type OnText = ((text: string) => Promise<void>) | undefined;
type Ask = (messages: readonly Message[], onText?: OnText) => Promise<Reply>;

async function askModel(
	run: ItemRun,
	model: string,
	messages: readonly Message[],
	options: GenerateOptions,
	onText: OnText,
): Promise<Reply> {
	const provider = await run.provider();
	const chunks = provider.createAsyncGenerator(model, messages, options);
	const reply = await collectReply(chunks, { onText });
	if (reply.text === '' && reply.images.length > 0) throw drewInstead(run, model);
	return reply;
}

/** JSON is checked as a whole before any of it is shown. */
async function jsonReply(
	run: ItemRun,
	messages: readonly Message[],
	format: ResponseFormat,
	ask: Ask,
	onText: OnText,
): Promise<Reply> {
	// An OpenAI-compatible server is asked in its own words; this one knows only the messages.
	const instructed = run.providerName === 'aiChats' ? instruct(messages, format) : messages;
	const reply = await structuredReply(instructed, format, async (turns) => await ask(turns));
	await onText?.(reply.text);
	return reply;
}

function drewInstead(run: ItemRun, model: string): NodeOperationError {
	return new NodeOperationError(run.context.getNode(), `The model '${model}' draws pictures`, {
		itemIndex: run.itemIndex,
		description: "Set 'Operation' to Image, or choose a model that chats.",
	});
}
