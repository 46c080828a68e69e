import { extractDirectives } from '../directives.mts';
import type { Exchange } from '../exchange.mts';
import { alterAnswer, refusedField } from '../faults/answers.mts';
import { numbered, type DrawnImage, type ImageType, readImage } from '../images/image.mts';
import { imageLink, imageBytes } from '../images/routes.mts';
import type { MultipartPart } from '../recording.mts';
import { prepareAnswer } from '../respond.mts';
import { sendJson } from '../wire/send.mts';
import { countTokens, givenUsage } from './completion.mts';
import { drawsInChat, noImageEndpoint } from './drawing.mts';
import { badRequest, type Failure, findFailure } from './errors.mts';

type JsonObject = Record<string, unknown>;

/** The form's fields as a JSON request would have them; images become a note about them. */
export function formToBody(parts: MultipartPart[]): JsonObject {
	const fields = parts.filter((part) => part.fileName === undefined);
	const body: JsonObject = Object.fromEntries(
		fields.map(({ name, bytes }) => [name, bytes.toString('utf8')]),
	);
	if (typeof body['n'] === 'string') body['n'] = Number(body['n']);
	const files = parts.filter((part) => part.fileName !== undefined);
	const images = files.filter(({ name }) => /^image(\[\d*\])?$/.test(name));
	if (images.length)
		body['image'] = noteOf(
			images,
			files.find(({ name }) => name === 'mask'),
		);
	return body;
}

function noteOf(images: MultipartPart[], mask: MultipartPart | undefined): string {
	const bytes = images.reduce((sum, image) => sum + image.bytes.length, 0);
	const noun = images.length === 1 ? 'image' : 'images';
	const maskNote = mask ? `, with a mask of ${mask.bytes.length} bytes` : '';
	return `${images.length} ${noun} of ${bytes} bytes came in${maskNote}`;
}

/** Pixels; undefined for `auto` and for none. `wrong` when it cannot be read. */
export function readSize(size: unknown): { width?: number; height?: number } | 'wrong' {
	if (size === undefined || size === null || size === 'auto') return {};
	const [, width, height] = /^(\d{1,4})x(\d{1,4})$/.exec(String(size)) ?? [];
	return width ? { width: Number(width), height: Number(height) } : 'wrong';
}

/** What models that answer with the image itself say about it. */
export function imageUsage(image: DrawnImage, count: number) {
	const textTokens = countTokens(image.prompt);
	const outputTokens = count * Math.ceil((image.width * image.height) / 1024);
	return {
		size: `${image.width}x${image.height}`,
		output_format: image.type,
		background: image.transparent ? 'transparent' : 'opaque',
		usage: {
			input_tokens: textTokens,
			output_tokens: outputTokens,
			total_tokens: textTokens + outputTokens,
			input_tokens_details: { text_tokens: textTokens, image_tokens: 0 },
		},
	};
}

const mostImages = 10;

export async function answerImageGeneration(exchange: Exchange): Promise<void> {
	await answer(exchange, exchange.body, ['prompt']);
}

export async function answerImageEdit(exchange: Exchange): Promise<void> {
	const { body } = exchange;
	const isForm = Array.isArray(body);
	await answer(exchange, isForm ? formToBody(body as MultipartPart[]) : undefined, [
		'image',
		'prompt',
	]);
}

async function answer(exchange: Exchange, body: unknown, required: string[]): Promise<void> {
	const failure = findFailure(body, required) ?? wrongValue(body as JsonObject);
	if (failure) {
		await sendJson(exchange, failure.status, failure.error);
		return;
	}
	const request = body as JsonObject;
	if (drawsInChat(request['model'])) {
		await sendJson(exchange, noImageEndpoint.status, noImageEndpoint.error);
		return;
	}
	const prompt = String(request['prompt']);
	if (!(await prepareAnswer(exchange, prompt))) return;
	const refused = refusedField(exchange.directives, request);
	if (refused) await sendJson(exchange, 400, refused);
	else await sendImages(exchange, request, extractDirectives(prompt).text);
}

function wrongValue({ n = 1, size }: JsonObject): Failure | undefined {
	if (!Number.isInteger(n) || Number(n) < 1 || Number(n) > mostImages) {
		return badRequest(`'n' must be 1 to ${mostImages}.`, 'n', 'invalid_value');
	}
	if (readSize(size) !== 'wrong') return undefined;
	return badRequest(`Invalid value for 'size': ${String(size)}.`, 'size', 'invalid_value');
}

async function sendImages(exchange: Exchange, body: JsonObject, prompt: string): Promise<void> {
	const { directives } = exchange;
	const model = String(body['model'] ?? 'dall-e-2');
	const image = readImage(directives, requestedImage(body, prompt));
	const count = directives.number('images', 'count') ?? Number(body['n'] ?? 1);
	const inJson = model.startsWith('gpt-image') || body['response_format'] === 'b64_json';
	const data = await Promise.all(
		Array.from({ length: count }, async (_, index) => ({
			...(await entry(exchange, numbered(image, index, count), inJson)),
			...(model === 'dall-e-3' ? { revised_prompt: `${prompt}, in soft morning light` } : {}),
		})),
	);
	const usage = givenUsage(directives);
	const details = {
		...(model.startsWith('gpt-image') ? imageUsage(image, count) : {}),
		...(usage === undefined ? {} : { usage }),
	};
	const document = { created: Math.floor(Date.now() / 1000), data, ...details };
	await sendJson(exchange, 200, alterAnswer(directives, document));
}

function requestedImage(body: JsonObject, prompt: string): Partial<DrawnImage> {
	const size = readSize(body['size']);
	return {
		prompt,
		note: String(body['image'] ?? ''),
		type: String(body['output_format'] ?? 'png') as ImageType,
		transparent: body['background'] === 'transparent',
		...(size === 'wrong' ? {} : size),
	};
}

async function entry(exchange: Exchange, image: DrawnImage, inJson: boolean): Promise<JsonObject> {
	if (!inJson) return { url: await imageLink(exchange, image) };
	return { b64_json: (await imageBytes(image)).toString('base64') };
}
