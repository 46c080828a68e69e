import type { Exchange } from '../exchange.mts';
import type { Directives } from '../directives.mts';
import { type DrawnImage, numbered, readImage } from '../images/image.mts';
import { imageBytes, imageLink } from '../images/routes.mts';
import type { Turn } from '../text.mts';
import { badRequest, type Failure, openAiError } from './errors.mts';

type JsonObject = Record<string, unknown>;

/** Models that draw in a chat, and only there, as OpenRouter and LiteLLM have them. */
export function drawsInChat(model: unknown): boolean {
	return /-flash-image|-in-chat$/.test(String(model));
}

/** What their endpoint for images says. */
export const noImageEndpoint: Failure = {
	status: 404,
	error: openAiError('This model draws in /chat/completions alone.', 'invalid_request_error'),
};

/** The one of them that writes no text beside its images. */
const onlyDraws = /^only-/;

/** @returns why the kinds of content that the answer may have cannot be had */
export function wrongModalities({ model, modalities }: JsonObject): Failure | undefined {
	if (!Array.isArray(modalities)) return undefined;
	if (!drawsInChat(model)) {
		return badRequest("Unknown parameter: 'modalities'.", 'modalities', 'unknown_parameter');
	}
	if (!onlyDraws.test(String(model)) || !modalities.includes('text')) return undefined;
	const message = 'No endpoints found that support the requested output modalities: image, text';
	return { status: 404, error: openAiError(message, 'invalid_request_error') };
}

/** What an answer of such a model brings, and where; the setting `place` decides. */
export interface Drawing {
	links: string[];
	/** Stands in the text, as Markdown. */
	text: string;
}

/** @param turns without directives */
export async function draw(exchange: Exchange, body: JsonObject, turns: Turn[]): Promise<Drawing> {
	const { directives } = exchange;
	const wants = Array.isArray(body['modalities']) && body['modalities'].includes('image');
	if (!drawsInChat(body['model']) || !wants || directives.has('text')) {
		return { links: [], text: '' };
	}
	const { aspect_ratio: ratio } = (body['image_config'] ?? {}) as JsonObject;
	const image = asked(directives, turns, ratio === undefined ? [] : [`as ${String(ratio)}`]);
	const count = directives.number('images', 'count') ?? 1;
	const links = await Promise.all(
		Array.from(
			{ length: count },
			async (_, index) => await imageLink(exchange, numbered(image, index, count)),
		),
	);
	if (directives.text('place', 'where') !== 'markdown') return { links, text: '' };
	return { links: [], text: links.map((link) => ` ![image](${link})`).join('') };
}

/** What the last turn of the user asks for, and the files that it brought. */
function asked(directives: Directives, turns: Turn[], more: string[] = []): DrawnImage {
	const last = turns.findLast(({ role }) => role === 'user');
	const seen = (last?.attachments ?? []).map(({ bytes }) => `${bytes} bytes came in`);
	const note = [...seen, ...more].join(', ');
	return readImage(directives, { prompt: last?.text ?? '', note });
}

/** The images of the Responses API, where its tool for them is offered: in Base64. */
export async function drawWithTool(
	directives: Directives,
	{ tools }: JsonObject,
	turns: Turn[],
): Promise<string[]> {
	const offered = Array.isArray(tools) ? (tools as JsonObject[]) : [];
	if (!offered.some(({ type }) => type === 'image_generation')) return [];
	return [(await imageBytes(asked(directives, turns))).toString('base64')];
}
