import { createCanvas, type Canvas } from '@napi-rs/canvas';

import { drawPicture } from './draw.mts';
import type { Picture, PictureType } from './picture.mts';

const cacheBytes = 128 * 1024 * 1024;
const cache = new Map<string, Promise<Buffer>>();
let cachedBytes = 0;

/** The encoded picture. Equal pictures are rendered once, while the cache has room. */
export async function renderPicture(picture: Picture): Promise<Buffer> {
	const fitting = fitToTotal(picture);
	const { prompt, note, width, height, type, transparent } = fitting;
	const key = JSON.stringify([prompt, note, width, height, type, transparent]);
	const cached = cache.get(key) ?? render(fitting);
	// Set again: the map's order is the order of last use.
	cache.delete(key);
	cache.set(key, cached);
	return await cached;
}

async function render(picture: Picture): Promise<Buffer> {
	const canvas = createCanvas(picture.width, picture.height);
	drawPicture(canvas, picture);
	const bytes = await encode(canvas, picture.type);
	cachedBytes += bytes.length;
	await dropOldest();
	return bytes;
}

async function dropOldest(): Promise<void> {
	for (const [key, rendering] of cache) {
		if (cachedBytes <= cacheBytes) return;
		cache.delete(key);
		void rendering.then((bytes) => (cachedBytes -= bytes.length));
	}
}

// A total that the full size may not fit in gets a picture so small that it does.
function fitToTotal(picture: Picture): Picture {
	if (picture.totalBytes === undefined || picture.totalBytes > 4_000_000) return picture;
	const side = picture.totalBytes < 20_000 ? 1 : picture.totalBytes < 400_000 ? 64 : 256;
	return {
		...picture,
		width: Math.min(side, picture.width),
		height: Math.min(side, picture.height),
	};
}

// Written out because the encoder's overloads take no union of the names.
async function encode(canvas: Canvas, type: PictureType): Promise<Buffer> {
	if (type === 'jpeg' || type === 'webp') return await canvas.encode(type, 85);
	if (type === 'gif') return await canvas.encode('gif');
	if (type === 'avif') return await canvas.encode('avif', { quality: 60, speed: 10 });
	return await canvas.encode('png');
}
