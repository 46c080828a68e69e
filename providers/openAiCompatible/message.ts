import { asObject, asText, type JsonObject, withoutUndefined } from '../decode/json';
import { MAX_IMAGES } from '../errors';
import { ImageResponse, type ProviderChunk, type Source } from '../types';

/** Servers nest the parts of a text a few levels deep; an endless nesting is an attack. */
const MAX_DEPTH = 4;
/** Of one answer. */
const MAX_SOURCES = 1000;
/** In UTF-16 code units. */
const MAX_SOURCE_LENGTH = 10_000;

/**
 * Appends what a message, or a delta of one, holds: reasoning, text and images, in the order in which they are
 * written down. The names differ: `reasoning_content` (DeepSeek, llama.cpp), `reasoning` (Ollama, vLLM,
 * OpenRouter), `reasoning_details` (OpenRouter), `thinking`, or parts of the content (Mistral).
 */
export function readMessage(message: JsonObject, prompt: string, chunks: ProviderChunk[]): void {
	const reasoning = reasoningOf(message);
	if (reasoning !== '') chunks.push({ type: 'reasoning', text: reasoning });
	const { content, images } = message;
	const links = new Set<string>();
	if (typeof content === 'string') {
		if (content !== '') chunks.push({ type: 'text', text: content });
	} else if (Array.isArray(content)) {
		for (const part of content as unknown[]) readPart(part, prompt, chunks, links);
	} else if (content !== undefined && content !== null) readPart(content, prompt, chunks, links);
	if (Array.isArray(images)) {
		for (const image of images as unknown[]) pushImage(imageLink(image), prompt, chunks, links);
	}
}

/** The text, or one chunk of it, with which the model declines to answer; empty when it does not. */
export function refusalOf({ refusal, content }: JsonObject): string {
	if (typeof refusal === 'string') return refusal;
	if (!Array.isArray(content)) return '';
	return content.map((part) => asText(asObject(part)?.['refusal']) ?? '').join('');
}

/** By which servers name what a model thought; the first that holds something counts. */
export const REASONING_FIELDS = [
	'reasoning_content',
	'reasoning',
	'thinking',
	'reasoning_details',
] as const;

function reasoningOf(message: JsonObject): string {
	for (const name of REASONING_FIELDS) {
		const text = textOf(message[name]);
		if (text !== '') return text;
	}
	return '';
}

const IMAGE_PART = /image/;
const REASONING_PART = /^(thinking|reasoning)/;

/** A part of a content that is a list. */
function readPart(
	part: unknown,
	prompt: string,
	chunks: ProviderChunk[],
	links: Set<string>,
): void {
	const object = asObject(part) ?? {};
	const type = asText(object['type']) ?? '';
	if (IMAGE_PART.test(type)) pushImage(imageLink(object), prompt, chunks, links);
	else if (REASONING_PART.test(type)) {
		const text = textOf(object);
		if (text !== '') chunks.push({ type: 'reasoning', text });
	} else {
		const text = typeof part === 'string' ? part : (asText(object['text']) ?? '');
		if (text !== '') chunks.push({ type: 'text', text });
	}
}

/** The text of a string, of an object around one, or of a list of those. */
function textOf(value: unknown, depth = 0): string {
	if (typeof value === 'string') return value;
	if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return '';
	if (Array.isArray(value)) return value.map((part) => textOf(part, depth + 1)).join('');
	const { text, thinking, reasoning, content, summary } = value as JsonObject;
	return textOf(text ?? thinking ?? reasoning ?? content ?? summary, depth + 1);
}

/** `{ image_url: { url } }` (OpenRouter, Gemini), `{ image_url: url }`, `{ url }` or the URL alone. */
function imageLink(image: unknown): string | undefined {
	const { image_url: nested, url, b64_json: base64 } = asObject(image) ?? {};
	const link = asText(image) ?? asText(nested) ?? asText(asObject(nested)?.['url']) ?? asText(url);
	if (link !== undefined) return link;
	return asText(base64) === undefined ? undefined : `data:image/png;base64,${String(base64)}`;
}

/**
 * A message that repeats one image, or holds images without end, would become as many chunks.
 * @param links those of the message so far; one more than are taken is enough for an error
 */
function pushImage(
	link: string | undefined,
	prompt: string,
	chunks: ProviderChunk[],
	links: Set<string>,
): void {
	if (link === undefined || links.has(link) || links.size > MAX_IMAGES) return;
	links.add(link);
	chunks.push({ type: 'image', image: new ImageResponse([link], prompt) });
}

/**
 * Gathers the places that an answer refers to: `search_results` and `citations` beside the choices
 * (Perplexity, xAI) and `annotations` of the message (OpenAI, OpenRouter). Streams repeat them.
 */
export class Sources {
	private readonly found = new Map<string, Source>();

	get all(): Source[] {
		return [...this.found.values()];
	}

	/** Takes a list of sources, whatever the shape of its entries. */
	add(list: unknown): void {
		if (!Array.isArray(list)) return;
		for (const entry of list as unknown[]) {
			const source = sourceOf(entry);
			if (source === undefined || this.found.size >= MAX_SOURCES) continue;
			this.found.set(source.url, { ...source, ...this.found.get(source.url) });
		}
	}
}

function sourceOf(entry: unknown): Source | undefined {
	const object = asObject(entry) ?? {};
	const { url, title, content, snippet, text } = asObject(object['url_citation']) ?? object;
	const link = asText(entry) ?? asText(url);
	const quote = asText(content) ?? asText(snippet) ?? asText(text);
	if (link === undefined || link.length > MAX_SOURCE_LENGTH) return undefined;
	return withoutUndefined({
		url: link,
		title: asText(title)?.slice(0, MAX_SOURCE_LENGTH),
		quote: quote?.slice(0, MAX_SOURCE_LENGTH),
	});
}
