import type { Exchange } from '../exchange.mts';
import { alterAnswer } from '../faults/answerFaults.mts';
import { refusedField } from '../faults/serverHabits.mts';
import { extractDirectives } from '../directives/parse.mts';
import { numbered, readImage, type OpenedImage, type PictureType } from '../pictures/picture.mts';
import { pictureBytes } from '../pictures/bytes.mts';
import { imageLink } from '../pictures/links.mts';
import type { MultipartPart } from '../recording/recordedRequest.mts';
import { prepareAnswer } from '../respond.mts';
import { sendJson } from '../wire/whole.mts';
import { badRequest, findFailure, type Failure } from './failure.mts';
import { formToBody, readSize } from './imageRequest.mts';
import { imageUsage } from './imageUsage.mts';

type JsonObject = Record<string, unknown>;

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
	const prompt = String(request['prompt']);
	if (!(await prepareAnswer(exchange, prompt))) return;
	const refused = refusedField(exchange.directives, request);
	if (refused) await sendJson(exchange, 400, refused);
	else await sendPictures(exchange, request, extractDirectives(prompt).text);
}

function wrongValue({ n = 1, size }: JsonObject): Failure | undefined {
	if (!Number.isInteger(n) || Number(n) < 1 || Number(n) > mostImages) {
		return badRequest(`'n' must be 1 to ${mostImages}.`, 'n', 'invalid_value');
	}
	if (readSize(size) !== 'wrong') return undefined;
	return badRequest(`Invalid value for 'size': ${String(size)}.`, 'size', 'invalid_value');
}

async function sendPictures(exchange: Exchange, body: JsonObject, prompt: string): Promise<void> {
	const { directives } = exchange;
	const model = String(body['model'] ?? 'dall-e-2');
	const image = readImage(directives, pictureOf(body, prompt));
	const count = directives.number('images', 'count') ?? Number(body['n'] ?? 1);
	const inJson = model.startsWith('gpt-image') || body['response_format'] === 'b64_json';
	const data = await Promise.all(
		Array.from({ length: count }, async (_, index) => ({
			...(await entry(exchange, numbered(image, index, count), inJson)),
			...(model === 'dall-e-3' ? { revised_prompt: `${prompt}, in soft morning light` } : {}),
		})),
	);
	const details = model.startsWith('gpt-image') ? imageUsage(image, count) : {};
	const document = { created: Math.floor(Date.now() / 1000), data, ...details };
	await sendJson(exchange, 200, alterAnswer(directives, document));
}

function pictureOf(body: JsonObject, prompt: string): Partial<OpenedImage> {
	const size = readSize(body['size']);
	return {
		prompt,
		note: String(body['image'] ?? ''),
		type: String(body['output_format'] ?? 'png') as PictureType,
		transparent: body['background'] === 'transparent',
		...(size === 'wrong' ? {} : size),
	};
}

async function entry(exchange: Exchange, image: OpenedImage, inJson: boolean): Promise<JsonObject> {
	if (!inJson) return { url: await imageLink(exchange, image) };
	return { b64_json: (await pictureBytes(image)).toString('base64') };
}
