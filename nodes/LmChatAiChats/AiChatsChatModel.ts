import type {
	ChatModel,
	ChatModelConfig,
	GenerateResult,
	Message as SdkMessage,
	StreamChunk,
	Tool,
} from '@n8n/ai-node-sdk';

import type { Provider } from '../../providers/AsyncGeneratorProvider';
import { collectReply, type Reply } from '../../providers/collectReply';
import type { ChatOptions, GenerateOptions, ProviderChunk, Usage } from '../../providers/types';
import {
	convertFinishReason,
	convertMessages,
	convertReply,
	convertTools,
	convertUsage,
	type SchemaReader,
} from './convert';
import { type KeptCalls, withObjectArguments } from './toolCalls';

/** What a call sets. LangChain hands its own options on as they are: there the signal is called `signal`. */
export interface CallOptions extends ChatModelConfig {
	signal?: AbortSignal;
	/** Gets what the call cost, before its end. */
	onUsage?: (usage: Usage) => void;
}

/** What all requests of a chat model share. */
export interface ChatModelSettings {
	provider: Provider;
	providerName: string;
	model: string;
	options: GenerateOptions;
	readSchema: SchemaReader;
	/** What came with tool calls of this execution. */
	keptCalls: KeptCalls;
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

	async generate(messages: SdkMessage[], config: CallOptions = {}): Promise<GenerateResult> {
		try {
			const reply = this.checked(await collectReply(this.ask(messages, config)));
			if (reply.usage !== undefined) config.onUsage?.(reply.usage);
			return convertReply(reply);
		} catch (error) {
			throw this.settings.describe(error);
		}
	}

	/** Text as it arrives; tool calls at the end, as only then it is known whether they are complete. */
	async *stream(messages: SdkMessage[], config: CallOptions = {}): AsyncGenerator<StreamChunk> {
		const rest: ProviderChunk[] = [];
		try {
			for await (const chunk of this.ask(messages, config)) {
				if (chunk.type === 'text') yield { type: 'text-delta', delta: chunk.text };
				else rest.push(chunk);
				if (chunk.type === 'reasoning') yield { type: 'reasoning-delta', delta: chunk.text };
			}
			const reply = this.checked(await collectReply(rest));
			for (const { id, name, arguments: argumentsDelta } of reply.toolCalls) {
				yield { type: 'tool-call-delta', id, name, argumentsDelta };
			}
			if (reply.usage !== undefined) config.onUsage?.(reply.usage);
			yield finishChunk(reply);
		} catch (error) {
			throw this.settings.describe(error);
		}
	}

	withTools(tools: Tool[]): ChatModel {
		return new AiChatsChatModel(this.settings, tools);
	}

	/** @throws ProviderError for a tool call that cannot be run */
	private checked(reply: Reply): Reply {
		const toolCalls = reply.toolCalls.map(withObjectArguments);
		this.settings.keptCalls.keep(toolCalls, reply.reasoning);
		return { ...reply, toolCalls };
	}

	private ask(messages: readonly SdkMessage[], config: CallOptions): AsyncGenerator<ProviderChunk> {
		const { provider, model, options, readSchema, keptCalls, stop } = this.settings;
		const chat: ChatOptions = {
			...options.chat,
			...definedOptions(config),
			tools: convertTools(this.tools, readSchema),
		};
		const signal = joined(stop, config.abortSignal ?? config.signal);
		const turns = convertMessages(messages).map((turn) => keptCalls.restore(turn));
		return provider.createAsyncGenerator(model, turns, { ...options, chat, signal });
	}
}

function finishChunk({ finishReason, usage }: Reply): StreamChunk {
	return {
		type: 'finish',
		finishReason: convertFinishReason(finishReason),
		...(usage === undefined ? {} : { usage: convertUsage(usage) }),
	};
}

function joined(...signals: Array<AbortSignal | undefined>): AbortSignal | undefined {
	const given = signals.filter((signal) => signal !== undefined);
	return given.length > 1 ? AbortSignal.any(given) : given[0];
}

/** What a call sets for itself wins over the node's options. */
function definedOptions(config: ChatModelConfig): ChatOptions {
	const { maxTokens, temperature, topP, presencePenalty, frequencyPenalty, seed } = config;
	const set = { maxTokens, temperature, topP, presencePenalty, frequencyPenalty, seed };
	const stop = config.stopSequences === undefined ? {} : { stop: config.stopSequences };
	const given = Object.entries(set).filter(([, value]) => value !== undefined);
	return { ...Object.fromEntries(given), ...stop };
}
