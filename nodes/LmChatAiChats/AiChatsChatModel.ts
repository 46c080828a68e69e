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
import { withoutUndefined } from '../../providers/decode/json';
import type { ChatOptions, GenerateOptions, ProviderChunk, Usage } from '../../providers/types';
import { LinkedController } from '../../transport/signals';
import {
	convertFinishReason,
	convertMessages,
	convertReply,
	convertTools,
	convertUsage,
	type SchemaReader,
} from './convert';
import type { KeptCalls } from './toolCalls';

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
		const link = this.linkTo(config);
		try {
			const reply = await collectReply(this.ask(messages, config, link.signal));
			this.note(reply, config);
			return convertReply(reply);
		} catch (error) {
			throw this.settings.describe(error);
		} finally {
			link.release();
		}
	}

	async *stream(messages: SdkMessage[], config: CallOptions = {}): AsyncGenerator<StreamChunk> {
		const link = this.linkTo(config);
		const others: ProviderChunk[] = [];
		try {
			for await (const chunk of this.ask(messages, config, link.signal)) {
				if (chunk.type === 'text') yield { type: 'text-delta', delta: chunk.text };
				else {
					others.push(chunk);
					yield* streamChunk(chunk);
				}
			}
			const reply = await collectReply(others);
			this.note(reply, config);
			yield finishChunk(reply);
		} catch (error) {
			throw this.settings.describe(error);
		} finally {
			link.release();
		}
	}

	withTools(tools: Tool[]): ChatModel {
		return new AiChatsChatModel(this.settings, tools);
	}

	private note({ toolCalls, reasoning, usage }: Reply, { onUsage }: CallOptions): void {
		this.settings.keptCalls.keep(toolCalls, reasoning);
		if (usage !== undefined) onUsage?.(usage);
	}

	/** Both the Stop button and the caller can end a request. */
	private linkTo({ abortSignal, signal }: CallOptions): LinkedController {
		return new LinkedController(this.settings.stop, abortSignal ?? signal);
	}

	private ask(
		messages: readonly SdkMessage[],
		config: CallOptions,
		signal: AbortSignal,
	): AsyncGenerator<ProviderChunk> {
		const { provider, model, options, readSchema, keptCalls } = this.settings;
		const chat: ChatOptions = {
			...options.chat,
			...definedOptions(config),
			tools: convertTools(this.tools, readSchema),
		};
		const turns = convertMessages(messages).map((turn) => keptCalls.restore(turn));
		return provider.createAsyncGenerator(model, turns, { ...options, chat, signal });
	}
}

function* streamChunk(chunk: ProviderChunk): Generator<StreamChunk> {
	if (chunk.type === 'reasoning') {
		// Not as a `reasoning-delta`, which n8n's adapter drops.
		yield { type: 'content', content: { type: 'reasoning', text: chunk.text } };
	}
	if (chunk.type !== 'toolCall') return;
	const { id, name, arguments: argumentsDelta } = chunk.delta;
	yield withoutUndefined({ type: 'tool-call-delta' as const, id, argumentsDelta, name });
}

function finishChunk({ usage, finishReason }: Reply): StreamChunk {
	return withoutUndefined({
		type: 'finish' as const,
		finishReason: convertFinishReason(finishReason),
		usage: usage && convertUsage(usage),
	});
}

/** What a call sets for itself overrides the node's options. */
function definedOptions(config: ChatModelConfig): ChatOptions {
	const { maxTokens, temperature, topP, presencePenalty, frequencyPenalty, seed } = config;
	const set = { maxTokens, temperature, topP, presencePenalty, frequencyPenalty, seed };
	return withoutUndefined({ ...set, stop: config.stopSequences });
}
