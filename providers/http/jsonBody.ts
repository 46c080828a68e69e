import { randomUUID } from 'node:crypto';

import type { JsonObject } from '../decode/json';
import { refusal } from '../errors';
import type { ByteSource } from '../types';

/** A string of a JSON body: what it begins with, then a file in base64. */
export class FileText {
	constructor(
		readonly beginning: string,
		readonly file: ByteSource,
	) {}
}

/**
 * The JSON of a request's body. Files in it are read and encoded piece by piece whenever it is sent: as one
 * string a file would take several times its size.
 * @throws ProviderError `refused` while it is read, for a file that has another size than its source says
 */
export function jsonBody(value: JsonObject): string | ByteSource {
	if (!holdsFile(value)) return JSON.stringify(value);
	const files: ByteSource[] = [];
	const place = randomUUID();
	const json = JSON.stringify(value, (_key, inner: unknown) => {
		if (!(inner instanceof FileText)) return inner;
		files.push(inner.file);
		return inner.beginning + place;
	});
	const texts = json.split(place).map((text) => Buffer.from(text));
	const sizes = [...texts.map(({ length }) => length), ...files.map(base64Size)];
	return {
		size: sizes.reduce((sum, size) => sum + size, 0),
		async *read() {
			for (const [index, text] of texts.entries()) {
				yield text;
				const file = files[index];
				if (file !== undefined) yield* base64(file);
			}
		},
	};
}

function holdsFile(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return value instanceof FileText || Object.values(value).some(holdsFile);
}

function base64Size({ size }: ByteSource): number {
	return 4 * Math.ceil(size / 3);
}

async function* base64(file: ByteSource): AsyncGenerator<Uint8Array> {
	let rest: Uint8Array = new Uint8Array();
	let size = 0;
	for await (const bytes of file.read()) {
		size += bytes.length;
		if (size > file.size) break;
		const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
		// Three bytes are four letters: what is left goes into the next piece.
		const end = all.length - (all.length % 3);
		yield letters(all.subarray(0, end));
		rest = all.subarray(end);
	}
	if (size !== file.size) {
		throw refusal(
			'An attached file could not be read completely',
			'Its size has changed: run the node that made it again.',
		);
	}
	yield letters(rest);
}

function letters({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
	return Buffer.from(Buffer.from(buffer, byteOffset, length).toString('base64'), 'latin1');
}
