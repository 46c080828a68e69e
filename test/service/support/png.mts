import { crc32 } from 'node:zlib';

export interface PngChunk {
	type: string;
	bytes: number;
	isValid: boolean;
}

/** Reads a PNG chunk by chunk. @throws when it is none, or its lengths do not add up. */
export function readPng(png: Buffer): PngChunk[] {
	if (png.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') throw new Error('not a PNG');
	const chunks: PngChunk[] = [];
	let start = 8;
	while (start < png.length) {
		const bytes = png.readUInt32BE(start);
		const checked = png.subarray(start + 4, start + 8 + bytes);
		const isValid = png.readUInt32BE(start + 8 + bytes) === crc32(checked);
		chunks.push({ type: png.toString('latin1', start + 4, start + 8), bytes, isValid });
		start += bytes + 12;
	}
	if (start !== png.length || chunks.at(-1)?.type !== 'IEND') throw new Error('broken PNG');
	return chunks;
}

export function sizeOf(png: Buffer): { width: number; height: number } {
	return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

/** The type that the first bytes show. */
export function typeOf(bytes: Buffer): string {
	const start = bytes.subarray(0, 12).toString('latin1');
	if (start.startsWith('\x89PNG')) return 'png';
	if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
	if (start.startsWith('GIF8')) return 'gif';
	if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'webp';
	return start.slice(4) === 'ftypavif' ? 'avif' : 'unknown';
}

export async function bytesOf(response: Response): Promise<Buffer> {
	return Buffer.from(await response.arrayBuffer());
}
