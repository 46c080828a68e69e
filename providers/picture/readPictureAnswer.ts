import type { ProviderChunk } from '../chunks';
import { asObject, asText, type JsonObject, parseJson } from '../decode/json';
import { ProviderError } from '../errors';
import { errorDetails, inBandError, pageError } from '../http/errors';
import { isWebPage } from '../http/serviceMessage';
import { ImageResponse } from '../ImageResponse';
import type { Transport, TransportResponse } from '../Transport';
import { PICTURE_MARK, PictureJsonReader } from './PictureJsonReader';

/** No service draws so many for one prompt; each link is a request. */
const MOST_LINKS = 100;

/**
 * An answer of the shape `{ "data": [ { "url" | "b64_json": …, "revised_prompt"? } ] }`, as both
 * protocols send it. Pictures within the answer come first, as they arrive, then links.
 * @returns the whole answer, without its inline pictures
 * @throws ProviderError `protocol` when there is none, `truncated` when it breaks off
 */
export async function* readPictureAnswer(
	response: TransportResponse,
	prompt: string,
	transport: Transport,
): AsyncGenerator<ProviderChunk, JsonObject> {
	const reader = new PictureJsonReader(response.body);
	for await (const content of reader.pictures()) {
		yield { type: 'image', image: new ImageResponse([], prompt, content) };
	}
	const body = reader.document();
	const answer = parseAnswer(body, response, transport);
	const entries = readEntries(answer, body, response, transport);
	const inline = entries.filter(isInline);
	const linked = entries.filter((entry) => !isInline(entry) && asText(entry['url']) !== undefined);
	const links = linked.map(({ url }) => String(url));
	if (links.length > MOST_LINKS) throw tooManyLinks();
	if (links.length > 0) yield { type: 'image', image: new ImageResponse(links, prompt) };
	const prompts = [...inline, ...linked].map((entry) => asText(entry['revised_prompt']));
	yield { type: 'revisedPrompts', prompts };
	return answer;
}

function parseAnswer(body: string, response: TransportResponse, transport: Transport): JsonObject {
	if (body.trim() === '') throw new ProviderError('protocol', 'The service sent an empty answer');
	if (isWebPage(body)) throw pageError(response, body, transport);
	const parsed = parseJson(body);
	if (!parsed.ok) throw unexpected('The service sent broken JSON', body, response, transport);
	// Errors come in a list from some gateways.
	const [value] = [parsed.value].flat();
	return asObject(value) ?? {};
}

function readEntries(
	answer: JsonObject,
	body: string,
	response: TransportResponse,
	transport: Transport,
): JsonObject[] {
	const { data, error } = answer;
	if (!Array.isArray(data) || data.length === 0) {
		if (error !== undefined && error !== null) throw inBandError(response, body, transport);
		throw unexpected('Unexpected response format: no pictures', body, response, transport);
	}
	const entries = data.map((entry) => asObject(entry) ?? {});
	if (entries.some(({ url, b64_json }) => (asText(url) ?? asText(b64_json)) !== undefined)) {
		return entries;
	}
	throw unexpected('No image URL found in the response', body, response, transport);
}

function tooManyLinks(): ProviderError {
	return new ProviderError('refused', `The service sent links to more than ${MOST_LINKS} pictures`);
}

/** Whether an entry's picture came within the answer, whatever link stands beside it. */
function isInline({ url, b64_json }: JsonObject): boolean {
	return url === PICTURE_MARK || b64_json === PICTURE_MARK;
}

function unexpected(
	message: string,
	body: string,
	response: TransportResponse,
	transport: Transport,
): ProviderError {
	return new ProviderError('protocol', message, errorDetails(response, body, transport));
}
