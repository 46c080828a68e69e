import type { JsonObject } from '../decode/json';
import type { ProviderError } from '../errors';
import { heldBytes } from '../files';
import { splitImages } from '../image/markdownImages';
import {
	type GenerateOptions,
	type ImageOptions,
	ImageResponse,
	type Message,
	type ProviderChunk,
} from '../types';
import type { ModelTraits } from './serverTraits';

const NO_ENDPOINT = new Set([404, 405, 501]);
const REFUSALS = new Set([400, 415, 422]);
/** Said of a model that answers with images only in a chat. */
const CHAT_ONLY = /chat.?completion|\bchat\b.{0,20}\bmodel|modalit/i;

/** Whether a request for images failed because there is no endpoint for it, or none for this model. */
export function hasNoImageEndpoint({ details: { status = 0, reason } }: ProviderError): boolean {
	return NO_ENDPOINT.has(status) && reason !== 'unknownModel';
}

/**
 * Whether a chat may bring the image that was refused. A mask cannot be said in a chat.
 * @param words of the refusal, without what it quotes
 */
export function mayDrawInChat(
	error: ProviderError,
	words: string,
	{ image = {} }: GenerateOptions,
): boolean {
	const { status = 0, reason } = error.details;
	if (reason === 'moderation') return false;
	const isElsewhere = REFUSALS.has(status) && CHAT_ONLY.test(words);
	return image.mask === undefined && (isElsewhere || hasNoImageEndpoint(error));
}

/** The turn of a chat that asks for an image, or for an edit of the images given. */
export function drawingTurn(prompt: string, { sources = [] }: ImageOptions): Message {
	const attachments = sources.map(({ bytes, ...file }) => ({
		...file,
		kind: 'image' as const,
		content: heldBytes(bytes),
	}));
	return { role: 'user', content: prompt, attachments };
}

/** The fields of a chat request by which a model draws (OpenRouter, image generation). */
export function drawingFields({ aspectRatio }: ImageOptions, traits: ModelTraits): JsonObject {
	const modalities = traits.takes('text_modality') ? ['image', 'text'] : ['image'];
	return {
		modalities: traits.takes('modalities') ? modalities : undefined,
		image_config:
			aspectRatio === undefined || !traits.takes('image_config')
				? undefined
				: { aspect_ratio: aspectRatio },
	};
}

const IMAGE_LINK = /^(data:image\/|https?:)/i;

/**
 * An answer's chunks; where it holds no other image, with those that its text links to in Markdown. A model that
 * brought one draws in its chat, but a link may be made up: it counts once an image was opened behind it.
 */
export async function* withLinkedImages(
	chunks: AsyncIterable<ProviderChunk>,
	prompt: string,
	traits: ModelTraits,
): AsyncGenerator<ProviderChunk> {
	const texts: string[] = [];
	let hasImage = false;
	for await (const chunk of chunks) {
		if (chunk.type === 'image') hasImage = true;
		if (chunk.type === 'text') texts.push(chunk.text);
		yield chunk;
	}
	const draws = () => (traits.drawsInChat = true);
	if (hasImage) draws();
	else {
		const { links } = splitImages(texts.join(''), IMAGE_LINK);
		if (links.length > 0)
			yield { type: 'image', image: new ImageResponse(links, prompt, undefined, draws) };
	}
}
