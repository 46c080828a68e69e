import { collectReply } from './collectReply';
import { ProviderError, refusal } from './errors';
import { untrustedUrl } from './http/urls';
import {
	openContent,
	openLink,
	type OpenImageOptions,
	type OpenedImage,
	toDataUrl,
} from './image/openImage';
import type { Transport } from './Transport';
import type { GenerateOptions, Message, ModelKind, ProviderChunk } from './types';

/**
 * The models of a provider. The name comes from the seed, where it was a mixin.
 */
export interface ProviderModelMixin {
	/** Used when no model is chosen; empty where the service has no default. The name is the seed's. */
	readonly defaultModel: string;
	/** Every model the provider has; empty when only the service knows. The name is the seed's. */
	readonly models: readonly string[];
	/**
	 * The requested model or, when none is requested, the default.
	 * @throws ProviderError `refused` for a model the provider does not have, or when there is no default
	 */
	getModel(requested?: string): string;
	/**
	 * The same for providers that have to ask the service when no model is requested.
	 * @throws ProviderError
	 */
	resolveModel(requested?: string, signal?: AbortSignal): Promise<string>;
}

/** A client for one service whose answers arrive piece by piece. The name is the seed's. */
export abstract class AsyncGeneratorProvider implements ProviderModelMixin {
	/** Base URL of the service, without a trailing slash. The name is the seed's. */
	abstract readonly url: string;
	/** Where requests are posted. The name is the seed's. */
	abstract readonly apiEndpoint: string;
	/** Whether a program may use the service's public site today. The name is the seed's. */
	abstract readonly working: boolean;
	/** Whether a conversation can be passed. The name is the seed's. */
	abstract readonly supportsMessageHistory: boolean;
	abstract readonly defaultModel: string;
	abstract readonly models: readonly string[];

	constructor(protected readonly transport: Transport) {}

	getModel(requested = ''): string {
		const model = requested.trim() || this.defaultModel;
		if (model === '') {
			throw refusal(
				'No model is chosen',
				"Choose a model from the list of 'Model', or enter its ID.",
			);
		}
		if (this.models.length === 0 || this.models.includes(model)) return model;
		throw refusal(`There is no model '${model}'`, `Models: ${this.models.join(', ')}.`);
	}

	async resolveModel(requested?: string, signal?: AbortSignal): Promise<string> {
		signal?.throwIfAborted();
		return this.getModel(requested);
	}

	/**
	 * Sends the conversation and yields the answer as it arrives. Leaving the loop ends the request. The
	 * name is the seed's.
	 * @throws ProviderError; after text has arrived it carries that text
	 */
	abstract createAsyncGenerator(
		model: string | undefined,
		messages: readonly Message[],
		options?: GenerateOptions,
	): AsyncGenerator<ProviderChunk>;

	/**
	 * The models to choose from, those that fit best first.
	 * @throws ProviderError when the service has to be asked and does not list any
	 */
	abstract listModels(kind: ModelKind, signal?: AbortSignal): Promise<string[]>;

	/**
	 * The whole answer at once: an image as its URL (a `data:` URL where the service sent the image
	 * itself), text as a string. Nothing here calls it: it is the seed's entry point for programs.
	 * @throws ProviderError
	 */
	async createAsync(
		model: string | undefined,
		messages: readonly Message[],
		options?: GenerateOptions,
	): Promise<string> {
		const links: string[] = [];
		const chunks = this.createAsyncGenerator(model, messages, options);
		const reply = await collectReply(chunks, {
			onImage: async ({ images, content, onOpened }) => {
				for (const link of onOpened ? images : []) (await this.openImage(link)).close();
				links.push(...images);
				if (content !== undefined) links.push(await toDataUrl(await this.openImage(content)));
			},
		});
		if (links[0] !== undefined) return links[0];
		if (reply.text === '') throw new ProviderError('protocol', 'The service sent an empty answer');
		return reply.text;
	}

	/**
	 * An image's link as it can be handed on: absolute, and checked as if it were followed.
	 * @throws ProviderError `refused` for an unsafe one
	 */
	resolveLink(link: string): string {
		return untrustedUrl(link, `${this.url}/`).href;
	}

	/**
	 * Opens an image of an answer: from its link, or from the bytes that came with the answer. Links are
	 * untrusted: the user's credentials go along only to the service's own origin. The type is read from
	 * the bytes.
	 * @throws ProviderError
	 */
	async openImage(
		image: string | AsyncIterable<Uint8Array>,
		options?: OpenImageOptions,
	): Promise<OpenedImage> {
		return typeof image === 'string'
			? await openLink(this.transport, this.url, image, options)
			: await openContent(image, options);
	}
}

/** What the rest of the package needs of a provider. */
export type Provider = AsyncGeneratorProvider;
