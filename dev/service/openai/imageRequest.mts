import type { MultipartPart } from '../recording/recordedRequest.mts';

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
