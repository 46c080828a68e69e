import { AsyncGeneratorProvider } from '../AsyncGeneratorProvider';
import { withPartialText } from '../collectReply';
import { refusal } from '../errors';
import { sendFollowing } from '../http/sendFollowing';
import { httpError } from '../http/serviceErrors';
import { baseUrl } from '../http/urls';
import { readImageAnswer } from '../image/imageAnswer';
import { answerAfterThinking } from '../thinking';
import type { Transport, TransportResponse } from '../Transport';
import type { GenerateOptions, Message, ModelKind, ProviderChunk } from '../types';
import { readChatAnswer } from './answer';
import { buildRequest, chatBody, imageBody } from './request';

const IMAGE_MODEL = 'dalle';

/** A client for the Ai-Chats service, and for any service that speaks its protocol. */
export class AiChats extends AsyncGeneratorProvider {
	static readonly publicUrl = 'https://ai-chats.org';

	readonly url: string;
	readonly apiEndpoint: string;
	/** The public site asks programs for a captcha; a base URL of your own may work. */
	readonly working = false;
	readonly supportsMessageHistory = true;
	readonly defaultModel = 'gpt-4';
	readonly models = ['gpt-4', IMAGE_MODEL];

	/**
	 * @param url base URL, with or without a trailing slash
	 * @throws ProviderError `refused` for anything but an http(s) URL
	 */
	constructor(transport: Transport, url: string = AiChats.publicUrl) {
		super(transport);
		this.url = baseUrl(url);
		this.apiEndpoint = `${this.url}/chat/send2/`;
	}

	override createAsyncGenerator(
		model: string | undefined,
		messages: readonly Message[],
		options: GenerateOptions = {},
	): AsyncGenerator<ProviderChunk> {
		if ((options.chat?.tools ?? []).length > 0) {
			throw refusal(
				'The Ai-Chats protocol has no tools',
				"Choose the provider OpenAI-Compatible, or take the agent's tools away.",
			);
		}
		if (messages.some(({ attachments = [] }) => attachments.length > 0)) {
			throw refusal(
				'The Ai-Chats protocol takes only text files',
				'Choose the provider OpenAI-Compatible, or leave the files out.',
			);
		}
		return withPartialText(
			answerAfterThinking(this.generate(this.getModel(model), messages, options)),
			options.maxAnswerSize,
		);
	}

	override async listModels(kind: ModelKind): Promise<string[]> {
		return kind === 'image' ? [IMAGE_MODEL] : this.models.filter((model) => model !== IMAGE_MODEL);
	}

	private async *generate(
		model: string,
		messages: readonly Message[],
		options: GenerateOptions,
	): AsyncGenerator<ProviderChunk[]> {
		const response = await this.ask(model, messages, options);
		try {
			if (model === IMAGE_MODEL) {
				const prompt = messages.at(-1)?.content ?? '';
				const images = readImageAnswer(response, prompt);
				for await (const chunk of images) yield [chunk];
			} else yield* readChatAnswer(response);
		} finally {
			response.close();
		}
	}

	private async ask(
		model: string,
		messages: readonly Message[],
		options: GenerateOptions,
	): Promise<TransportResponse> {
		const body = model === IMAGE_MODEL ? imageBody(messages) : chatBody(messages, options);
		const request = buildRequest(this.url, this.apiEndpoint, body, options.signal);
		const response = await sendFollowing(this.transport, this.url, request);
		if (response.status < 200 || response.status > 299) {
			throw await httpError(response);
		}
		return response;
	}
}
