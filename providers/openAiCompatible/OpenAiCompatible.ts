import { AsyncGeneratorProvider } from '../AsyncGeneratorProvider';
import { withPartialText } from '../collectReply';
import type { JsonObject } from '../decode/json';
import { type Outgoing, sendFollowing } from '../http/sendFollowing';
import { httpError } from '../http/serviceErrors';
import { baseUrl, USER_AGENT } from '../http/urls';
import type { Transport, TransportResponse } from '../Transport';
import type { GenerateOptions, Message, ModelKind, ProviderChunk } from '../types';
import { checkedAnswer, readChatAnswer } from './chatAnswer';
import { chatBody, ServerTraits } from './chatRequest';
import { imageRequest, imageChunks } from './images';
import { readModels } from './models';

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

	/**
	 * @param url any spelling of the server's address: see apiBase
	 * @param traits what earlier requests have learnt about this server
	 * @throws ProviderError `refused` for anything but an http(s) URL
	 */
	constructor(
		transport: Transport,
		url = 'https://api.openai.com/v1',
		private readonly traits = new ServerTraits(),
	) {
		super(transport);
		this.url = apiBase(url);
		this.apiEndpoint = `${this.url}/chat/completions`;
	}

	override createAsyncGenerator(
		model: string | undefined,
		messages: readonly Message[],
		options: GenerateOptions = {},
	): AsyncGenerator<ProviderChunk> {
		return options.image === undefined
			? withPartialText(checkedAnswer(this.chat(model, messages, options)), options.maxAnswerSize)
			: this.draw(model, messages.at(-1)?.content ?? '', options);
	}

	/** Where no model is requested and the server lists exactly one, it is that one. */
	override async resolveModel(requested = '', signal?: AbortSignal): Promise<string> {
		if (requested.trim() !== '') return this.getModel(requested);
		const only = await this.traits.onlyModel(async () => await this.listModels('chat', signal));
		return this.getModel(only);
	}

	override async listModels(kind: ModelKind, signal?: AbortSignal): Promise<string[]> {
		const response = await this.succeed({
			method: 'GET',
			url: `${this.url}/models`,
			headers: { accept: 'application/json', 'user-agent': USER_AGENT },
			signal,
		});
		return await readModels(response, kind);
	}

	private async *chat(
		requested: string | undefined,
		messages: readonly Message[],
		options: GenerateOptions,
	): AsyncGenerator<ProviderChunk[]> {
		const model = await this.resolveModel(requested, options.signal);
		const response = await this.ask(
			() => chatBody(model, messages, options, this.traits),
			options.signal,
		);
		try {
			for await (const chunks of await readChatAnswer(response)) yield chunks;
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
		const response = await this.succeed(imageRequest(this.url, model, prompt, options));
		try {
			yield* imageChunks(response, prompt);
		} finally {
			response.close();
		}
	}

	/** Asks in words that this server takes, learning them from its refusals. */
	private async ask(
		build: () => JsonObject,
		signal: AbortSignal | undefined,
	): Promise<TransportResponse> {
		for (;;) {
			const body = build();
			const response = await this.send({
				method: 'POST',
				url: this.apiEndpoint,
				headers: {
					accept: 'text/event-stream, application/json',
					'content-type': 'application/json',
					'user-agent': USER_AGENT,
				},
				body: JSON.stringify(body),
				signal,
			});
			if (isSuccess(response)) return response;
			const error = await httpError(response);
			if (!this.traits.learn(error, body)) throw error;
		}
	}

	private async succeed(request: Outgoing): Promise<TransportResponse> {
		const response = await this.send(request);
		if (isSuccess(response)) return response;
		throw await httpError(response);
	}

	private async send(request: Outgoing): Promise<TransportResponse> {
		return await sendFollowing(this.transport, this.url, request);
	}
}

function isSuccess({ status }: TransportResponse): boolean {
	return status >= 200 && status <= 299;
}

/** What people paste instead of a base URL. */
const ENDPOINT =
	/\/(chat\/completions|completions|responses|embeddings|models|images\/(generations|edits|variations))$/;
const VERSION = /\/v\d[^/]*(\/|$)/;

/**
 * The base of a server's endpoints, from any spelling: with or without `/v1`, with a trailing slash,
 * or a whole endpoint. `/v1` is added unless the path names a version or an endpoint stood there.
 * @throws ProviderError `refused` for anything but an http(s) URL
 */
export function apiBase(written: string): string {
	const url = baseUrl(written);
	const base = url.replace(ENDPOINT, '').replace(/\/+$/, '');
	if (base !== url) return base;
	return VERSION.test(new URL(url).pathname) ? url : `${url}/v1`;
}
