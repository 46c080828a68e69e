import { collectReply } from './collectReply';
import { ProviderError } from './errors';
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

/** TypeScript wants a mixin's base to take `any[]`; JSON.parse names that type without spelling it. */
type ConstructorParameter = ReturnType<typeof JSON.parse>;
type AbstractConstructor = abstract new (...parameters: ConstructorParameter[]) => object;

/** Gives a provider its models, a default, and the check of a requested one. */
export function ProviderModelMixin<Base extends AbstractConstructor>(base: Base) {
	abstract class ProviderWithModels extends base {
		/** Used when no model is named. */
		abstract readonly defaultModel: string;
		/** Every model the provider has; empty when only the service knows. */
		abstract readonly models: readonly string[];

		/**
		 * The model to use for a request.
		 * @throws ProviderError `refused` for a model the provider does not have
		 */
		getModel(requested?: string): string {
			if (requested === undefined || requested === '') return this.defaultModel;
			if (this.models.length === 0 || this.models.includes(requested)) return requested;
			throw new ProviderError('refused', `There is no model '${requested}'`, {
				explanation: `Models: ${this.models.join(', ')}.`,
			});
		}
	}
	return ProviderWithModels;
}

/** A client for one service whose answers arrive piece by piece. */
export abstract class AsyncGeneratorProvider {
	/** Base URL of the service, without a trailing slash. */
	abstract readonly url: string;
	/** Where requests are posted. */
	abstract readonly apiEndpoint: string;
	/** Whether a program may use the service's public site today. */
	abstract readonly working: boolean;
	/** Whether a conversation can be passed. */
	abstract readonly supportsMessageHistory: boolean;

	constructor(protected readonly transport: Transport) {}

	/**
	 * Sends the conversation and yields the answer as it arrives. Leaving the loop ends the request.
	 * @throws ProviderError; after text has arrived it carries that text
	 */
	abstract createAsyncGenerator(
		model: string | undefined,
		messages: readonly Message[],
		options?: GenerateOptions,
	): AsyncGenerator<ProviderChunk>;

	/**
	 * The models to choose from, the fitting ones first.
	 * @throws ProviderError when the service has to be asked and does not tell
	 */
	abstract listModels(kind: ModelKind, signal?: AbortSignal): Promise<string[]>;

	/**
	 * The whole answer at once: an image as its URL (a `data:` URL where the service sent the image
	 * itself), text as a string.
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
			onImage: async ({ images, content }) => {
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
	 * Opens an image of an answer: behind a link, or the bytes that came with the answer. Links are
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
