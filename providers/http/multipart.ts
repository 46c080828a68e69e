import { randomUUID } from 'node:crypto';

import type { JsonObject } from '../decode/json';
import type { ImageFile } from '../types';

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
