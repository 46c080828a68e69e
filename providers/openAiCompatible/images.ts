import type { JsonObject } from '../decode/json';
import { multipart } from '../http/multipart';
import type { Outgoing } from '../http/sendFollowing';
import { USER_AGENT } from '../http/urls';
import { readImageAnswer } from '../image/imageAnswer';
import type { TransportResponse } from '../Transport';
import type { GenerateOptions, ImageOptions, ProviderChunk } from '../types';
import { withoutUndefined } from './chatRequest';
import { readUsage } from './usage';

/** The request for images: from the prompt alone, or edits of the images given. */
export function imageRequest(
	url: string,
	model: string,
	prompt: string,
	{ image = {}, extraBody = {}, signal }: GenerateOptions,
): Outgoing {
	const fields = { ...imageFields(model, prompt, image), ...extraBody };
	const sources = image.sources ?? [];
	const upload = sources.length > 0 ? multipart(fields, editFiles(image)) : undefined;
	return {
		method: 'POST',
		url: `${url}/images/${upload === undefined ? 'generations' : 'edits'}`,
		headers: {
			accept: 'application/json',
			'content-type': upload?.contentType ?? 'application/json',
			'user-agent': USER_AGENT,
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
		quality: image.quality,
		style: image.style,
		background: image.background,
		output_format: image.outputFormat,
		response_format: image.responseFormat,
	});
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
	const usage = readUsage(answer['usage']);
	if (usage !== undefined) yield { type: 'usage', usage };
}
