import type { MultipartPart } from './recording/recordedRequest.mts';

/** Parsed JSON or multipart parts; undefined when there is no body or it cannot be parsed. */
export async function parseBody(contentType: string, bytes: Buffer): Promise<unknown> {
	if (bytes.length === 0) return undefined;
	try {
		if (/^multipart\/form-data/i.test(contentType)) return await parseMultipart(contentType, bytes);
		if (/\bjson\b/i.test(contentType)) return JSON.parse(bytes.toString('utf8')) as unknown;
	} catch {
		// The route answers 400: a broken body is an answer's matter, not a crash.
	}
	return undefined;
}

async function parseMultipart(contentType: string, bytes: Buffer): Promise<MultipartPart[]> {
	const response = new Response(new Uint8Array(bytes), {
		headers: { 'content-type': contentType },
	});
	const form = await response.formData();
	return await Promise.all([...form].map(async ([name, value]) => await toPart(name, value)));
}

async function toPart(name: string, value: FormDataEntryValue): Promise<MultipartPart> {
	if (typeof value === 'string') return { name, bytes: Buffer.from(value) };
	return {
		name,
		fileName: value.name,
		contentType: value.type,
		bytes: Buffer.from(await value.arrayBuffer()),
	};
}
