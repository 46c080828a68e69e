import { type INodeExecutionData, type INodeProperties, NodeOperationError } from 'n8n-workflow';

import { collectReply, type Reply } from '../../../providers/collectReply';
import { instruct, structuredReply } from '../../../providers/json/structuredReply';
import type { GenerateOptions, Message, ResponseFormat } from '../../../providers/types';
import {
	type ChatFields,
	nativeTurnsProperty,
	readGenerateOptions,
	tuningProperties,
} from '../../shared/chatOptions';
import { extraBodyProperty, optionsCollection, showFor } from '../../shared/fields';
import { modelProperties, readModel } from '../../shared/model';
import { networkProperties } from '../../shared/network';
import { batchProperties } from '../fields/batch';
import { visionProperties } from '../fields/images';
import { historyProperties, readMessages } from '../fields/messages';
import { promptProperty, toolDescriptionProperty } from '../fields/prompt';
import { readResponseFormat, responseFormatProperties } from '../fields/responseFormat';
import type { ItemRun } from '../ItemRun';
import { openMemory } from '../memory';
import { streamedOutput } from '../streaming';
import { chatItem } from './chatItem';

const streamingProperty: INodeProperties = {
	displayName: 'Enable Streaming',
	name: 'enableStreaming',
	type: 'boolean',
	default: true,
	description:
		'Whether to pass the answer on while it is written, where the trigger streams (Chat Trigger or Webhook with Response Mode Streaming). With Retry On Fail it is passed on when it is whole.',
};

export const description: INodeProperties[] = [
	...modelProperties({ operation: 'chat' }),
	...showFor({ operation: 'chat' }, [
		toolDescriptionProperty(
			'Asks another language model and returns its answer as text. It sees nothing of this conversation: put everything that it has to know into the prompt.',
		),
		promptProperty({
			placeholder: 'e.g. Write a short poem about the sea',
			description: 'The text to send to the model',
		}),
		{
			displayName: 'System Message',
			name: 'systemMessage',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. You are a friendly assistant who answers in one sentence',
			description: 'What the model is told about its role before the conversation begins',
		},
		...historyProperties,
		...responseFormatProperties,
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
	]),
	...showFor({ operation: 'chat', provider: 'aiChats' }, [
		optionsCollection([
			nativeTurnsProperty,
			streamingProperty,
			...batchProperties,
			...networkProperties,
		]),
	]),
	...showFor({ operation: 'chat', provider: 'openAiCompatible' }, [
		optionsCollection([
			streamingProperty,
			...tuningProperties,
			...visionProperties,
			extraBodyProperty,
			...batchProperties,
			...networkProperties,
		]),
	]),
];

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
	return new NodeOperationError(run.context.getNode(), `The model '${model}' draws images`, {
		itemIndex: run.itemIndex,
		description: "Set 'Operation' to Image, or choose a model that chats.",
	});
}

/** What a chat request says besides its messages. */
export function readChatOptions(run: ItemRun, responseFormat: ResponseFormat): GenerateOptions {
	const options = readGenerateOptions(run, run.options<ChatFields>());
	return { ...options, signal: run.signal, chat: { ...options.chat, responseFormat } };
}
