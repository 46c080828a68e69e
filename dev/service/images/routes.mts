import { crc32 } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

import { type Exchange, route, type ServiceContext } from '../exchange.mts';
import { answerWithHttpFault } from '../faults/http.mts';
import { imageFaults } from '../faults/images.mts';
import { resolveImageDirectives } from '../respond.mts';
import { sendBytes, sendText } from '../wire/send.mts';
import { renderImage } from './draw.mts';
import type { DrawnImage } from './image.mts';

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

/** The complete image in memory, for answers that carry it in their JSON. */
export async function imageBytes(image: DrawnImage): Promise<Buffer> {
	const { chunks } = padPng(await renderImage(image), image.totalBytes);
	return Buffer.concat([...chunks]);
}

/** The image's URL, unique, in the form the settings `url` and `link` want. */
export async function imageLink(exchange: Exchange, image: DrawnImage): Promise<string> {
	const { directives, imageDirectives, promptKey, service } = exchange;
	const value = directives.text('link', 'value');
	if (value !== undefined) return value;
	const kind = directives.text('url', 'kind');
	if (kind === 'data') {
		const bytes = await imageBytes(image);
		return `data:image/${image.type};base64,${bytes.toString('base64')}`;
	}
	const path = service.images.add({ image, directives: imageDirectives.list, promptKey });
	return kind === 'relative' ? path : service.imagesUrl + path;
}

/** On both origins: relative URLs and redirects lead to the service's own. */
export function registerImageRoutes(app: FastifyInstance, service: ServiceContext): void {
	app.get('/image/:name', route(service, answer));
}

async function answer(exchange: Exchange): Promise<void> {
	const { name = '' } = exchange.request.params as { name?: string };
	const stored = exchange.service.images.find(name);
	if (!stored) {
		await sendText(exchange, 404, 'text/plain', 'Not found');
		return;
	}
	resolveImageDirectives(exchange, stored.directives, stored.promptKey);
	await exchange.wait(exchange.directives.number('latency', 'ms') ?? 0);
	if (exchange.isClosed || (await answerWithHttpFault(exchange))) return;
	const fault = exchange.directives.firstIn(imageFaults);
	if (fault) await fault.entry.answer(exchange, stored.image, fault.directive);
	else await sendImage(exchange, stored.image);
}

async function sendImage(exchange: Exchange, image: DrawnImage): Promise<void> {
	const { length, chunks } = padPng(await renderImage(image), image.totalBytes);
	const headers = { 'content-type': `image/${image.type}` };
	await sendBytes(exchange, { status: 200, headers, length }, chunks);
}
