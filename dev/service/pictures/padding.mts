import { crc32 } from 'node:zlib';

// Length, type and checksum that every PNG chunk has besides its data.
const chunkOverhead = 12;
const endChunkBytes = 12;
// Lower-case letters: ancillary, private, safe to copy. Decoders skip it.
const fillerType = Buffer.from('stPd');
const blockBytes = 64 * 1024;

export interface Padded {
	/** Bytes. */
	length: number;
	chunks: Iterable<Buffer>;
}

/**
 * Makes a PNG exactly `total` bytes long with filler chunks before its end, block by block, so
 * that an image of any size can be sent without being held. Too small a total leaves it as it is.
 */
export function padPng(png: Buffer, total: number | undefined): Padded {
	if (total === undefined || total < png.length + chunkOverhead) {
		return { length: png.length, chunks: [png] };
	}
	return { length: total, chunks: paddedChunks(png, total) };
}

function* paddedChunks(png: Buffer, total: number): Iterable<Buffer> {
	yield png.subarray(0, -endChunkBytes);
	const fullChunk = fillerChunk(blockBytes);
	let missing = total - png.length;
	while (missing > 0) {
		const data = nextDataBytes(missing);
		yield data === blockBytes ? fullChunk : fillerChunk(data);
		missing -= data + chunkOverhead;
	}
	yield png.subarray(-endChunkBytes);
}

function nextDataBytes(missing: number): number {
	const data = Math.min(blockBytes, missing - chunkOverhead);
	const left = missing - data - chunkOverhead;
	// What is left must hold a chunk of its own.
	return left > 0 && left < chunkOverhead ? data - chunkOverhead : data;
}

function fillerChunk(dataBytes: number): Buffer {
	const chunk = Buffer.alloc(dataBytes + chunkOverhead, 0x20);
	chunk.writeUInt32BE(dataBytes, 0);
	fillerType.copy(chunk, 4);
	chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + dataBytes)), 8 + dataBytes);
	return chunk;
}
