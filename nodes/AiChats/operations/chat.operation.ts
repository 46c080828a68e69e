import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { collectReply, type Reply } from '../../../providers/collectReply';
import { instruct, structuredReply } from '../../../providers/json/structuredReply';
import type {
	GenerateOptions,
	ImageResponse,
	Message,
	ResponseFormat,
} from '../../../providers/types';
import { maxAnswerSizeProperty, readGenerateOptions } from '../../shared/chatOptions';
import { fieldError } from '../../shared/fields';
import { modelProperties } from '../../shared/model';
import { optionsCollection } from '../../shared/options';
import { providerEntry, providerFields, showFor } from '../../shared/providers';
import { answerProperties, batchProperties, warmUpProperty } from '../fields/batch';
import { historyProperties, readMessages } from '../fields/messages';
import { promptProperty, toolDescriptionProperty } from '../fields/prompt';
import {
	readResponseFormat,
	responseFormatProperties,
	strictSchemaProperty,
} from '../fields/responseFormat';
import { answerFieldProperty, includeOtherFieldsProperty, spreadJsonProperty } from '../fields/row';
import { chosenModels, fallbackProperties, ModelChain } from '../fallbackModels';
import type { ItemRun } from '../ItemRun';
import type { OptionsOf } from '../SharedRun';
import { openMemory } from '../memory';
import type { AnswerRequest } from '../repeatedRows';
import { streamedOutput } from '../streaming';
import { CHAT_IMAGES, type ChatAnswer, chatItem } from './chatItem';
import { failureText, ImageSink } from './storeImages';

const streamingProperty: INodeProperties = {
	displayName: 'Enable Streaming',
	name: 'enableStreaming',
	type: 'boolean',
	default: true,
	description: 'Whether to stream the answer while it is generated',
};

export const optionsOf: OptionsOf = (entry) => [
	streamingProperty,
	maxAnswerSizeProperty,
	answerFieldProperty,
	spreadJsonProperty,
	...fallbackProperties(entry),
	...entry.chatOptions,
	...entry.attachmentOptions,
	...batchProperties,
	warmUpProperty,
	...answerProperties,
	...entry.networkOptions,
];

export const description: INodeProperties[] = [
	...modelProperties({ operation: 'chat' }),
	...showFor({ operation: 'chat' }, [
		toolDescriptionProperty(
			'Asks another language model and returns its answer as text. It sees nothing of this conversation: put everything it needs to know into the prompt.',
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
			placeholder: 'e.g. Answer in one sentence',
			description: 'Instructions for the whole conversation',
		},
		...historyProperties,
		...responseFormatProperties,
	]),
	...providerFields({ operation: 'chat' }, (entry) =>
		entry.asksForJsonInMessages ? [] : [strictSchemaProperty],
	),
	...showFor({ operation: 'chat' }, [
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
		includeOtherFieldsProperty,
	]),
	...providerFields({ operation: 'chat' }, (entry) => [optionsCollection(optionsOf(entry))]),
];

/** A prompt in, one item with the answer out. Memory keeps the turn only after a complete answer. */
export async function execute(run: ItemRun): Promise<INodeExecutionData[]> {
	const memory = await openMemory(run);
	const remembered = (await memory?.load()) ?? [];
	const { messages, said } = await readMessages(run, remembered);
	const format = readResponseFormat(run);
	const options = readChatOptions(run, format);
	const request = () => {
		const added = messages.filter((message) => !remembered.includes(message));
		return requestOf(chosenModels(run, 'chat'), added, options);
	};

	const { answer, isNew, repeatOf } = await streamedOutput(run, async (onText) => {
		const found = await run.answer(request, async () => {
			return await ask(run, messages, options, format, onText);
		});
		if (!found.isNew) await onText?.(found.answer.text);
		return found;
	});

	for (const text of answer.notes) run.hint(text);
	if (options.chat?.webSearch === true && answer.sources.length === 0) run.hint(NO_SOURCES);
	for (const part of answer.unchecked ?? []) run.hint(`The answer was not checked against ${part}`);
	if (answer.text !== '') {
		if (isNew) await memory?.save(said, answer.text);
		else await memory?.restore(said, answer.text, remembered);
	}
	return [chatItem(run, answer, repeatOf)];
}

/** What tells one request from another. What a memory holds grows between a run and its retry. */
function requestOf(
	models: readonly string[],
	messages: readonly Message[],
	options: GenerateOptions,
): AnswerRequest {
	const files = messages.flatMap(({ attachments = [] }) => attachments);
	return {
		content: () => {
			const words = messages.map(({ role, content }) => [role, content]);
			// What is sent of a file besides its bytes.
			const names = files.map((file) => ({ ...file, content: undefined }));
			const sent = { ...options, signal: undefined, maxAnswerSize: undefined };
			return [models, words, names, sent];
		},
		length: messages.reduce((sum, { content }) => sum + content.length, 0),
		files: files.map((file) => (file.kind === 'link' ? file.url : file.content)),
	};
}

/** A new answer, its images already in n8n's storage. */
async function ask(
	run: ItemRun,
	messages: readonly Message[],
	options: GenerateOptions,
	format: ResponseFormat,
	onText: OnText,
): Promise<ChatAnswer> {
	const models = await ModelChain.open(run, 'chat');
	const provider = await run.provider();
	const sink = new ImageSink(run, provider, CHAT_IMAGES);
	const onImage = async (image: ImageResponse) => await sink.take(image);
	const send: Ask = async (turns, onFragment) => {
		const request = { ...options, isWatched: onFragment !== undefined };
		return await models.ask(
			async (model) =>
				await collectReply(provider.createAsyncGenerator(model, turns, request), {
					onText: heard(run, onFragment),
					onImage,
					onUsage: run.noteUsage,
				}),
			() => sink.hasBegun,
		);
	};
	const reply =
		format.type === 'text'
			? await withFiles(await send(messages, onText), sink)
			: await jsonReply(run, messages, format, askForText(run, models, send), onText);
	const { images, failures } = sink;
	if (reply.text === '' && images.length === 0 && failures[0] !== undefined) throw failures[0];
	const lost = failures.map((error) => failureText(run, error));
	return { model: models.model, ...reply, details: models.details, images, lost };
}

/** Images that the text holds in Markdown become files. */
async function withFiles(reply: Reply, sink: ImageSink): Promise<Reply> {
	if (!/data:image\//i.test(reply.text)) return reply;
	return { ...reply, text: await sink.takeFrom(reply.text) };
}

type OnText = ((text: string) => Promise<void>) | undefined;
type Ask = (messages: readonly Message[], onText?: OnText) => Promise<Reply>;

/** The first word shows that the service has read, and cached, the prompt. */
function heard({ endWarmUp }: ItemRun, onText: OnText): OnText {
	if (endWarmUp === undefined) return onText;
	return async (text) => {
		endWarmUp();
		await onText?.(text);
	};
}

/** Where JSON is wanted an image alone is no answer, and asking again would only make another. */
function askForText(run: ItemRun, models: ModelChain, ask: Ask): Ask {
	return async (turns, onText) => {
		const reply = await ask(turns, onText);
		if (reply.text !== '' || reply.images.length === 0) return reply;
		const advice = "Set 'Operation' to Image, or choose a model that chats.";
		throw fieldError(run, `The model '${models.model}' generates images`, advice);
	};
}

/** JSON is checked as a whole before any of it is shown. */
async function jsonReply(
	run: ItemRun,
	messages: readonly Message[],
	format: ResponseFormat,
	ask: Ask,
	onText: OnText,
): Promise<Reply> {
	const { asksForJsonInMessages } = providerEntry(run.providerName);
	const isInMessages = asksForJsonInMessages || run.isFormatIgnored;
	const instructed = isInMessages ? instruct(messages, format) : messages;
	const reply = await structuredReply(instructed, format, async (turns) => await ask(turns));
	if (reply.isRepaired) run.noteIgnoredFormat();
	await onText?.(reply.text);
	return reply;
}

/** Servers that cannot search ignore the request for it. */
const NO_SOURCES = 'The answer names no sources';

/** What a chat request says besides its messages. */
export function readChatOptions(run: ItemRun, responseFormat: ResponseFormat): GenerateOptions {
	const options = readGenerateOptions(run, run.options());
	return { ...options, signal: run.signal, chat: { ...options.chat, responseFormat } };
}
