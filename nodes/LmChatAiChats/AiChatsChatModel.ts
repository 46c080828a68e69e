import type {
	ChatModel,
	ChatModelConfig,
	GenerateResult,
	Message as SdkMessage,
	StreamChunk,
	Tool,
} from '@n8n/ai-node-sdk';

import type { Provider } from '../../providers/AsyncGeneratorProvider';
import { collectReply } from '../../providers/collectReply';
import type { ChatOptions, GenerateOptions, ProviderChunk, Usage } from '../../providers/types';
import {
	convertFinishReason,
	convertMessages,
	convertReply,
	convertTools,
	convertUsage,
	type SchemaReader,
} from './convert';

/** What all requests of a chat model share. */
export interface ChatModelSettings {
	provider: Provider;
	providerName: string;
	model: string;
	options: GenerateOptions;
	readSchema: SchemaReader;
	/** The execution's Stop button. */
	stop: AbortSignal | undefined;
	/** What is thrown in place of a failure. */
	describe: (error: unknown) => Error;
}

/**
 * n8n's chat model over a provider. Failures are thrown, never sent as an `error` chunk: n8n's adapter
 * makes an empty answer of those.
 */
export class AiChatsChatModel implements ChatModel {
	readonly provider: string;
	readonly modelId: string;

	constructor(
		private readonly settings: ChatModelSettings,
		private readonly tools: readonly Tool[] = [],
	) {
		this.provider = settings.providerName;
		this.modelId = settings.model;
	}

	async generate(messages: SdkMessage[], config?: ChatModelConfig): Promise<GenerateResult> {
		try {
			return convertReply(await collectReply(this.ask(messages, config)));
		} catch (error) {
			throw this.settings.describe(error);
		}
	}

	async *stream(messages: SdkMessage[], config?: ChatModelConfig): AsyncGenerator<StreamChunk> {
		let usage: Usage | undefined;
		let reason: string | undefined;
		try {
			for await (const chunk of this.ask(messages, config)) {
				if (chunk.type === 'usage') usage = chunk.usage;
				else if (chunk.type === 'finish') reason = chunk.reason;
				else yield* streamChunk(chunk);
			}
		} catch (error) {
			throw this.settings.describe(error);
		}
		const told = usage === undefined ? {} : { usage: convertUsage(usage) };
		yield { type: 'finish', finishReason: convertFinishReason(reason), ...told };
	}

	withTools(tools: Tool[]): ChatModel {
		return new AiChatsChatModel(this.settings, tools);
	}

	private ask(
		messages: readonly SdkMessage[],
		config: ChatModelConfig | undefined,
	): AsyncGenerator<ProviderChunk> {
		const { provider, model, options, readSchema, stop } = this.settings;
		const chat: ChatOptions = {
			...options.chat,
			...definedOptions(config),
			tools: convertTools(this.tools, readSchema),
		};
		const signal = joined(stop, callSignal(config));
		const turns = convertMessages(messages);
		return provider.createAsyncGenerator(model, turns, { ...options, chat, signal });
	}
}

function* streamChunk(chunk: ProviderChunk): Generator<StreamChunk> {
	if (chunk.type === 'text') yield { type: 'text-delta', delta: chunk.text };
	else if (chunk.type === 'reasoning') yield { type: 'reasoning-delta', delta: chunk.text };
	else if (chunk.type === 'toolCall') {
		const { id, name, arguments: argumentsDelta } = chunk.delta;
		yield { type: 'tool-call-delta', id, argumentsDelta, ...(name === undefined ? {} : { name }) };
	}
}

/** LangChain hands its call options on as they are: there the signal is called `signal`. */
function callSignal(config: ChatModelConfig | undefined): AbortSignal | undefined {
	const { abortSignal, signal } = (config ?? {}) as ChatModelConfig & { signal?: AbortSignal };
	return abortSignal ?? signal;
}

function joined(...signals: Array<AbortSignal | undefined>): AbortSignal | undefined {
	const given = signals.filter((signal) => signal !== undefined);
	return given.length > 1 ? AbortSignal.any(given) : given[0];
}

/** What a call sets for itself wins over the node's options. */
function definedOptions(config: ChatModelConfig = {}): ChatOptions {
	const { maxTokens, temperature, topP, presencePenalty, frequencyPenalty, seed } = config;
	const set = { maxTokens, temperature, topP, presencePenalty, frequencyPenalty, seed };
	const stop = config.stopSequences === undefined ? {} : { stop: config.stopSequences };
	const given = Object.entries(set).filter(([, value]) => value !== undefined);
	return { ...Object.fromEntries(given), ...stop };
}
