import { atLeast, peek } from '../decode/body';
import { asObject, asText, type JsonObject } from '../decode/json';
import { MAX_IMAGES, ProviderError, tooManyImages } from '../errors';
import { inBandError, jsonOf, unexpected } from '../http/serviceErrors';
import { readServiceError } from '../http/serviceMessage';
import type { TransportResponse } from '../Transport';
import { ImageResponse, type ProviderChunk } from '../types';
import { sniffImage } from './format';
import { ImageJsonReader } from './ImageJsonReader';

/** Enough to tell an image from JSON. */
const SIGNATURE_BYTES = 16;

/**
 * An answer of the shape `{ "data": [ { "url" | "b64_json": …, "revised_prompt"? } ] }`, as both protocols
 * send it, or one of its relatives: the list under `images`, the list alone, the bytes of one image. Images
 * within the answer come first, as they arrive, then links.
 * @returns the whole answer, without its inline images
 * @throws ProviderError `protocol` when there is none, `truncated` when it breaks off, `refused` for too many
 */
export async function* readImageAnswer(
	response: TransportResponse,
	prompt: string,
): AsyncGenerator<ProviderChunk, JsonObject> {
	const { head, all } = await peek(response.body, atLeast(SIGNATURE_BYTES));
	if (sniffImage(head) !== undefined) {
		yield { type: 'image', image: new ImageResponse([], prompt, all) };
		return {};
	}
	const reader = new ImageJsonReader(all);
	let count = 0;
	for await (const content of reader.images()) {
		if (++count > MAX_IMAGES) throw tooManyImages();
		yield { type: 'image', image: new ImageResponse([], prompt, content) };
	}
	return yield* readDocument(reader, response, prompt);
}

async function* readDocument(
	reader: ImageJsonReader,
	response: TransportResponse,
	prompt: string,
): AsyncGenerator<ProviderChunk, JsonObject> {
	const body = reader.document();
	const answer = parseAnswer(body, response);
	const entries = readEntries(answer, body, response);
	const isInline = (entry: JsonObject) => Object.values(entry).includes(reader.mark);
	const inline = entries.filter(isInline);
	const linked = entries.filter((entry) => !isInline(entry) && asText(entry['url']) !== undefined);
	if (inline.length + linked.length > MAX_IMAGES) throw tooManyImages();
	const failed = entries.filter((entry) => !isImage(entry));
	if (failed.length > 0) {
		yield { type: 'failedImages', messages: failed.map(failureOf) };
	}
	const links = linked.map(({ url }) => String(url));
	if (links.length > 0) yield { type: 'image', image: new ImageResponse(links, prompt) };
	const prompts = [...inline, ...linked].map((entry) => asText(entry['revised_prompt']));
	yield { type: 'revisedPrompts', prompts };
	return answer;
}

function parseAnswer(body: string, response: TransportResponse): JsonObject {
	if (body.trim() === '') {
		// Ollama's answer for a model that writes.
		throw new ProviderError('protocol', 'The service sent an empty answer instead of an image', {
			explanation: 'Choose a model that generates images, or check the base URL in the credential.',
		});
	}
	const value = jsonOf(response, body);
	// Open WebUI sends the list alone; some gateways send their errors in one.
	if (!Array.isArray(value)) return asObject(value) ?? {};
	const entries = value.map((entry) => asObject(entry) ?? {});
	return entries.some(isImage) ? { data: entries } : (entries[0] ?? {});
}

function readEntries(answer: JsonObject, body: string, response: TransportResponse): JsonObject[] {
	const { data, images, error } = answer;
	const list = [data, images].find((found) => Array.isArray(found) && found.length > 0);
	if (!Array.isArray(list)) {
		if (error !== undefined && error !== null) throw inBandError(response, body);
		const single = singleImage(answer);
		if (single !== undefined) return [single];
		throw unexpected('Unexpected response format: no images', response, body);
	}
	const entries = list.map((entry) => asObject(entry) ?? {});
	if (entries.some(isImage)) return entries;
	const first = entries.find((entry) => asObject(entry['error']) !== undefined);
	if (first !== undefined) throw inBandError(response, JSON.stringify(first));
	throw unexpected('No image URL found in the response', response, body);
}

/** An image without the list around it. At the root a link can be anything, such as a page to sign in on. */
function singleImage({ data, images, b64_json, base64 }: JsonObject): JsonObject | undefined {
	const entries = [data, images, { b64_json, base64 }].map((entry) => asObject(entry) ?? {});
	return entries.find(isImage);
}

function isImage({ url, b64_json, base64 }: JsonObject): boolean {
	return (asText(url) ?? asText(b64_json) ?? asText(base64)) !== undefined;
}

/** Why there is no image, in the service's words. */
function failureOf(entry: JsonObject): string {
	return readServiceError(JSON.stringify(entry)).message;
}
