import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { failureOf } from '../../test/support/failure.mts';
import type { ByteSource } from '../types.ts';
import { FileText, jsonBody } from './jsonBody.ts';

/** A file in pieces; `read` counts how often it was read. */
function fileOf(...pieces: Uint8Array[]): ByteSource & { reads: number } {
	const size = pieces.reduce((sum, { length }) => sum + length, 0);
	const file = {
		size,
		reads: 0,
		async *read() {
			file.reads++;
			yield* pieces;
		},
	};
	return file;
}

async function textOf(body: string | ByteSource): Promise<string> {
	if (typeof body === 'string') return body;
	const bytes = await buffer(body.read());
	expect(bytes.length).toBe(body.size);
	return bytes.toString();
}

test('without files it is the JSON', () => {
	expect(jsonBody({ a: ['ä', undefined], b: undefined })).toBe('{"a":["ä",null]}');
});

test('files stand in it in base64, whatever their pieces, and its size is known before', async () => {
	const pieces = fc.array(fc.uint8Array({ maxLength: 10 }), { maxLength: 6 });
	await fc.assert(
		fc.asyncProperty(pieces, pieces, fc.string(), async (first, second, text) => {
			const body = jsonBody({
				text,
				a: new FileText('data:;base64,', fileOf(...first)),
				b: [{ c: new FileText('', fileOf(...second)) }],
			});
			expect(JSON.parse(await textOf(body))).toEqual({
				text,
				a: `data:;base64,${Buffer.concat(first).toString('base64')}`,
				b: [{ c: Buffer.concat(second).toString('base64') }],
			});
		}),
	);
});

test('a file is read whenever the body is, and not before', async () => {
	const file = fileOf(Buffer.from('abc'));
	const body = jsonBody({ file: new FileText('', file) });
	expect(file.reads).toBe(0);
	expect(await textOf(body)).toBe('{"file":"YWJj"}');
	expect(await textOf(body)).toBe('{"file":"YWJj"}');
	expect(file.reads).toBe(2);
});

test.each([
	['fewer', 4],
	['more', 2],
])('a file of %s bytes than its source says is an error', async (_name, size) => {
	const file = { ...fileOf(Buffer.from('abc')), size };
	const error = await failureOf(async () => textOf(jsonBody({ file: new FileText('', file) })));
	expect(error).toMatchObject({
		kind: 'refused',
		message: 'An attached file could not be read completely',
	});
});

test('no more is sent than was announced', async () => {
	const file = { ...fileOf(Buffer.from('abcdef')), size: 3 };
	const body = jsonBody({ file: new FileText('', file) }) as ByteSource;
	let sent = 0;
	const read = async () => {
		for await (const { length } of body.read()) sent += length;
	};
	await expect(read()).rejects.toThrow();
	expect(sent).toBeLessThanOrEqual(body.size);
});

test('whoever stops reading lets go of the file', async () => {
	let isOpen = true;
	async function* read() {
		try {
			for (;;) yield Buffer.from('abc');
		} finally {
			isOpen = false;
		}
	}
	const body = jsonBody({ file: new FileText('', { size: 3000, read }) }) as ByteSource;
	for await (const piece of body.read()) if (Buffer.from(piece).toString() === 'YWJj') break;
	expect(isOpen).toBe(false);
});
