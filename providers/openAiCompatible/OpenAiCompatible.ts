import { AsyncGeneratorProvider } from '../AsyncGeneratorProvider';
import { withPartialText } from '../collectReply';
import { ProviderError, toProviderError } from '../errors';
import { jsonBody } from '../http/jsonBody';
import { type Outgoing, sendFollowing } from '../http/sendFollowing';
import { httpError } from '../http/serviceErrors';
import { answerAfterThinking } from '../thinking';
import type { Transport, TransportResponse } from '../Transport';
import type { GenerateOptions, Message, ModelKind, ProviderChunk } from '../types';
import { type ApiAddress, isMissingEndpoint, readAddress, withoutVersion } from './address';
import { attachmentFailure } from './attachments';
import { readChatAnswer } from './chatAnswer';
import { chatBody } from './chatRequest';
import { drawingTurn, hasNoImageEndpoint, withLinkedImages } from './drawing';
import {
	askForImages,
	fieldsSet,
	imageChunks,
	imageRequest,
	leftOutText,
	NOT_IN_CHAT,
} from './images';
import { listModels } from './models';
import { Negotiation } from './negotiation';
import { lostInResponses, responsesBody } from './responses';
import { type ModelTraits, ServerTraits } from './serverTraits';

/** A client for OpenAI's API and for every server that speaks its chat and image endpoints. */
export class OpenAiCompatible extends AsyncGeneratorProvider {
	readonly url: string;
	readonly apiEndpoint: string;
	readonly working = true;
	readonly supportsMessageHistory = true;
	/** No name is right for every server: see resolveModel. */
	readonly defaultModel = '';
	/** Only the server knows: see listModels. */
	readonly models: readonly string[] = [];

	private readonly address: ApiAddress;
	private readonly host: string;

	/**
	 * @param url any spelling of the server's address: see readAddress
	 * @param traits what earlier requests have learnt about this server
	 * @throws ProviderError `refused` for anything but an http(s) URL
	 */
	constructor(
		transport: Transport,
		url = 'https://api.openai.com/v1',
		private readonly traits = new ServerTraits(),
	) {
		super(transport);
		this.address = readAddress(url);
		this.url = this.address.base;
		this.host = new URL(this.url).hostname;
		this.apiEndpoint = `${this.url}/chat/completions${this.address.query}`;
	}

	override createAsyncGenerator(
		model: string | undefined,
		messages: readonly Message[],
		options: GenerateOptions = {},
	): AsyncGenerator<ProviderChunk> {
		return options.image === undefined
			? withPartialText(
					answerAfterThinking(this.chat(model, messages, options)),
					options.maxAnswerSize,
				)
			: this.draw(model, messages.at(-1)?.content ?? '', options);
	}

	/** Where no model is requested and the server lists exactly one, it is that one. */
	override async resolveModel(requested = '', signal?: AbortSignal): Promise<string> {
		if (requested.trim() !== '') return this.getModel(requested);
		const only = await this.traits.onlyModel(async () => await this.listModels('chat', signal));
		return this.getModel(only);
	}

	override async listModels(kind: ModelKind, signal?: AbortSignal): Promise<string[]> {
		return await listModels(this.url, kind, async (request) => await this.send(request), signal);
	}

	private async *chat(
		requested: string | undefined,
		messages: readonly Message[],
		options: GenerateOptions,
	): AsyncGenerator<ProviderChunk[]> {
		const model = await this.resolveModel(requested, options.signal);
		const { response, lost } = await this.ask(model, messages, options);
		const settings = {
			prompt: messages.at(-1)?.content,
			maxAnswerSize: options.maxAnswerSize,
			habits: this.traits,
		};
		try {
			if (lost.length > 0) yield [...notesOn(lost, model)];
			for await (const chunks of await readChatAnswer(response, settings)) yield chunks;
		} finally {
			response.close();
		}
	}

	private async *draw(
		requested: string | undefined,
		prompt: string,
		options: GenerateOptions,
	): AsyncGenerator<ProviderChunk> {
		const model = await this.resolveModel(requested, options.signal);
		const traits = this.traits.ofModel(model);
		if (traits.drawsInChat) return yield* this.drawInChat(model, prompt, options);
		const request = (leftOut: ReadonlySet<string>) =>
			imageRequest(this.url, model, prompt, options, leftOut);
		const send = async (leftOut: ReadonlySet<string>) => await this.send(request(leftOut));
		const answer = await askForImages(send, prompt, options, traits.imageFieldsLeftOut);
		if (answer instanceof ProviderError) {
			return yield* this.drawInChat(model, prompt, options, answer);
		}
		const { response, leftOut } = answer;
		try {
			yield* notesOn(fieldsSet(leftOut, options), model);
			yield* imageChunks(response, prompt);
		} finally {
			response.close();
		}
	}

	/** @param first why the endpoint for images did not serve, where that was asked just now */
	private async *drawInChat(
		model: string,
		prompt: string,
		options: GenerateOptions,
		first?: ProviderError,
	): AsyncGenerator<ProviderChunk> {
		const { image = {}, maxAnswerSize } = options;
		const pieces = this.chat(model, [drawingTurn(prompt, image)], options);
		const chunks = withPartialText(answerAfterThinking(pieces), maxAnswerSize);
		try {
			yield* withLinkedImages(chunks, prompt, this.traits.ofModel(model));
		} catch (error) {
			const failure = toProviderError(error);
			throw toProviderError(first !== undefined && hasNoImageEndpoint(failure) ? first : failure);
		}
		yield* notesOn(fieldsSet(NOT_IN_CHAT, options), model);
	}

	/**
	 * Asks in the way that the model takes, learning it from refusals.
	 * @returns the answer, and the fields that this way has no place for
	 */
	private async ask(
		model: string,
		messages: readonly Message[],
		options: GenerateOptions,
	): Promise<{ response: TransportResponse; lost: string[] }> {
		const traits = this.traitsOf(model);
		const negotiation = new Negotiation(
			traits,
			messages.map(({ content }) => content),
		);
		for (;;) {
			const chat = chatBody(model, messages, options, traits);
			const isInResponses = traits.wants('responses');
			const body = isInResponses ? responsesBody(chat, traits) : chat;
			try {
				const response = await this.send({
					method: 'POST',
					url: `${this.url}/${isInResponses ? 'responses' : 'chat/completions'}`,
					headers: {
						accept: 'text/event-stream, application/json',
						'content-type': 'application/json',
					},
					body: jsonBody(body),
					isCostly: options.image !== undefined,
					signal: options.signal,
				});
				negotiation.succeed();
				return { response, lost: isInResponses ? lostInResponses(chat) : [] };
			} catch (error) {
				const failure = toProviderError(error);
				const sent = { ...chat, ...body };
				if (negotiation.learn(failure, sent, options.extraBody)) continue;
				throw attachmentFailure(failure, messages);
			}
		}
	}

	private traitsOf(model: string): ModelTraits {
		const traits = this.traits.ofModel(model);
		// Known without asking: there every model takes the newer name, and the newest no other.
		if (OPENAI_HOSTS.test(this.host)) {
			traits.prove({ trait: 'max_completion_tokens', isWanted: true });
		}
		if (OPENROUTER_HOST.test(this.host)) traits.prove({ trait: 'plugins', isWanted: true });
		return traits;
	}

	/**
	 * Sends a request to the server, to whose base its URL belongs. Where `/v1` was only guessed and no
	 * endpoint is there, it is asked once more without it.
	 * @throws ProviderError also for each status but success
	 */
	private async send(request: Outgoing): Promise<TransportResponse> {
		const { isVersionGuessed, query } = this.address;
		const bare = withoutVersion(this.address, request.url);
		const isKnown = !isVersionGuessed || this.traits.isVersionWrong;
		const url = (this.traits.isVersionWrong ? bare : request.url) + query;
		const response = await sendFollowing(this.transport, this.url, { ...request, url });
		if (isSuccess(response)) return response;
		const error = await httpError(response);
		if (isKnown || !isMissingEndpoint(error, response.headers['content-type'])) throw error;
		const second = await sendFollowing(this.transport, this.url, { ...request, url: bare + query });
		const other = isSuccess(second) ? undefined : await httpError(second);
		if (other && isMissingEndpoint(other, second.headers['content-type'])) throw error;
		this.traits.isVersionWrong = true;
		if (other) throw other;
		return second;
	}
}

/** Says of each field that the answer was made without it. */
function* notesOn(fields: readonly string[], model: string): Generator<ProviderChunk> {
	for (const field of fields) yield { type: 'note', text: leftOutText(field, model) };
}

function isSuccess({ status }: TransportResponse): boolean {
	return status >= 200 && status <= 299;
}

const OPENAI_HOSTS = /(^|\.)(api\.openai\.com|openai\.azure\.com)$/;
const OPENROUTER_HOST = /(^|\.)openrouter\.ai$/;
