import { randomUUID } from 'node:crypto';

import { type JsonObject, withoutUndefined } from '../decode/json';
import { ProviderError, toProviderError } from '../errors';
import type { Outgoing } from '../http/sendFollowing';
import { readImageAnswer } from '../image/imageAnswer';
import type { TransportResponse } from '../Transport';
import type { GenerateOptions, ImageFile, ImageOptions, ProviderChunk } from '../types';
import { hasNoImageEndpoint, mayDrawInChat } from './drawing';
import { withoutQuotes } from './quotes';
import { costOf, readUsage } from './usage';

/**
 * The request for images: from the prompt alone, or edits of the images given.
 * @param leftOut fields that the model does not take
 */
export function imageRequest(
	url: string,
	model: string,
	prompt: string,
	{ image = {}, extraBody = {}, signal }: GenerateOptions,
	leftOut: ReadonlySet<string> = new Set(),
): Outgoing {
	const fields = { ...without(imageFields(model, prompt, image), leftOut), ...extraBody };
	const sources = image.sources ?? [];
	const upload = sources.length > 0 ? multipart(fields, editFiles(image)) : undefined;
	return {
		method: 'POST',
		url: `${url}/images/${upload === undefined ? 'generations' : 'edits'}`,
		headers: {
			accept: 'application/json',
			'content-type': upload?.contentType ?? 'application/json',
		},
		body: upload?.body ?? JSON.stringify(fields),
		isCostly: true,
		signal,
	};
}

function imageFields(model: string, prompt: string, image: ImageOptions): JsonObject {
	return withoutUndefined({
		model,
		prompt,
		n: image.count,
		size: image.size,
		aspect_ratio: image.aspectRatio,
		quality: image.quality,
		style: image.style,
		background: image.background,
		output_format: image.outputFormat,
		seed: image.seed,
		response_format: image.responseFormat,
	});
}

function without(fields: JsonObject, names: ReadonlySet<string>): JsonObject {
	return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

/** What a request can do without, longer names first: `n` is a letter of many words. */
const OPTIONAL_FIELDS = [
	'response_format',
	'output_format',
	'aspect_ratio',
	'background',
	'quality',
	'style',
	'seed',
	'size',
	'n',
] as const;
const REFUSALS = new Set([400, 415, 422]);
const UNKNOWN =
	/unknown|unsupported|not supported|unrecognized|unexpected|not allowed|not permitted|extra/i;

/**
 * Asks for images. A field that the model does not take is left out: nothing was made, and nothing is charged,
 * until then.
 * @param known what the model is known not to take; what is learned is added once a request without it was taken
 * @returns the failure instead where a chat may bring the image
 */
export async function askForImages(
	send: (leftOut: ReadonlySet<string>) => Promise<TransportResponse>,
	prompt: string,
	options: GenerateOptions,
	known: Set<string>,
): Promise<{ response: TransportResponse; leftOut: ReadonlySet<string> } | ProviderError> {
	const leftOut = new Set(known);
	for (;;) {
		try {
			const response = await send(leftOut);
			for (const field of leftOut) known.add(field);
			return { response, leftOut };
		} catch (error) {
			const failure = toProviderError(error);
			const words = withoutQuotes(failure.details.serviceMessage ?? '', [prompt]);
			const field = refusedImageField(failure, words, options, leftOut);
			const shown = imageFailure(failure, (options.image?.sources ?? []).length > 0);
			if (field !== undefined) leftOut.add(field);
			else if (mayDrawInChat(failure, words, options)) return shown;
			else throw toProviderError(shown);
		}
	}
}

/**
 * The field of an image request that a model does not take, and that the request can do without. A field that
 * the user put into the body stays there.
 */
function refusedImageField(
	{ details: { status = 0, parameter = '' } }: ProviderError,
	words: string,
	{ image = {}, extraBody = {} }: GenerateOptions,
	leftOut: ReadonlySet<string>,
): string | undefined {
	if (!REFUSALS.has(status) || !UNKNOWN.test(words)) return undefined;
	const sent = imageFields('', '', image);
	const candidates = OPTIONAL_FIELDS.filter(
		(field) => field in sent && !(field in extraBody) && !leftOut.has(field),
	);
	return (
		candidates.find((field) => field === parameter) ??
		candidates.find((field) => new RegExp(`['"\`]${field}['"\`]|\\b${field}\\b`).test(words))
	);
}

/** The fields among these that the user asked for. */
export function fieldsSet(fields: Iterable<string>, { image = {} }: GenerateOptions): string[] {
	const sent = imageFields('', '', image);
	return [...fields].filter((field) => field in sent);
}

/** What a chat cannot say of an image. */
export const NOT_IN_CHAT = OPTIONAL_FIELDS.filter(
	(field) => field !== 'response_format' && field !== 'aspect_ratio',
);

/** What is said of a field that was left out: the field's name in the API, since that is what the model refused. */
export function leftOutText(field: string, model: string): string {
	return `The model '${model}' does not take '${field}', so it was left out`;
}

/** What fits a server that has no images, or no edits of them, better than the advice for any address. */
function imageFailure(error: ProviderError, isEdit: boolean): ProviderError {
	if (!hasNoImageEndpoint(error)) return error;
	const message = isEdit
		? 'This server cannot edit images'
		: 'This server has no endpoint for images';
	const explanation = isEdit
		? "Leave 'Images to Edit' empty, or choose a server with /images/edits."
		: 'It has no /images/generations under this base URL: choose another server or model.';
	return error.with({ explanation }, message);
}

/** Servers take a single image as `image`, several as `image[]` (OpenAI API reference, image edits). */
function editFiles({ sources = [], mask }: ImageOptions) {
	const name = sources.length === 1 ? 'image' : 'image[]';
	const files = sources.map((file) => ({ name, file }));
	return mask === undefined ? files : [...files, { name: 'mask', file: mask }];
}

/** The answer to `/images/generations` and `/images/edits`. */
export async function* imageChunks(
	response: TransportResponse,
	prompt: string,
): AsyncGenerator<ProviderChunk> {
	const answer = yield* readImageAnswer(response, prompt);
	const usage = readUsage(answer['usage'], costOf(response.headers));
	if (usage !== undefined) yield { type: 'usage', usage };
}

/** A body of fields and files (RFC 7578). */
export function multipart(
	fields: JsonObject,
	files: ReadonlyArray<{ name: string; file: ImageFile }>,
): { contentType: string; body: Uint8Array } {
	const boundary = `aichats-${randomUUID()}`;
	const parts = [
		...Object.entries(fields).map(([name, value]) => fieldPart(name, value)),
		...files.map(({ name, file }) => filePart(name, file)),
	];
	const framed = parts.flatMap((part) => [text(`--${boundary}\r\n`), ...part, text('\r\n')]);
	return {
		contentType: `multipart/form-data; boundary=${boundary}`,
		body: Buffer.concat([...framed, text(`--${boundary}--\r\n`)]),
	};
}

function fieldPart(name: string, value: unknown): Uint8Array[] {
	const content = typeof value === 'string' ? value : JSON.stringify(value);
	return [text(`content-disposition: form-data; name="${quoted(name)}"\r\n\r\n${content}`)];
}

function filePart(name: string, { fileName, mimeType, bytes }: ImageFile): Uint8Array[] {
	const disposition = `form-data; name="${quoted(name)}"; filename="${quoted(fileName)}"`;
	return [text(`content-disposition: ${disposition}\r\ncontent-type: ${mimeType}\r\n\r\n`), bytes];
}

/** As WHATWG HTML, 4.10.22.8 escapes names in a part's head. */
function quoted(name: string): string {
	return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

function text(content: string): Uint8Array {
	return Buffer.from(content, 'utf8');
}
