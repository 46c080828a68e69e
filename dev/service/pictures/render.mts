import { createCanvas, type Canvas } from '@napi-rs/canvas';

import { drawPicture } from './draw.mts';
import type { OpenedImage, PictureType } from './picture.mts';

const cacheBytes = 128 * 1024 * 1024;
const cache = new Map<string, Promise<Buffer>>();
let cachedBytes = 0;

/** The encoded image. Equal images are rendered once, while the cache has room. */
export async function renderPicture(image: OpenedImage): Promise<Buffer> {
	const fitting = fitToTotal(image);
	const { prompt, note, width, height, type, transparent } = fitting;
	const key = JSON.stringify([prompt, note, width, height, type, transparent]);
	const cached = cache.get(key) ?? render(fitting);
	// Set again: the map's order is the order of last use.
	cache.delete(key);
	cache.set(key, cached);
	return await cached;
}

async function render(image: OpenedImage): Promise<Buffer> {
	const canvas = createCanvas(image.width, image.height);
	drawPicture(canvas, image);
	const bytes = await encode(canvas, image.type);
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

// A total that the full size may not fit in gets an image so small that it does.
function fitToTotal(image: OpenedImage): OpenedImage {
	if (image.totalBytes === undefined || image.totalBytes > 4_000_000) return image;
	const side = image.totalBytes < 20_000 ? 1 : image.totalBytes < 400_000 ? 64 : 256;
	return {
		...image,
		width: Math.min(side, image.width),
		height: Math.min(side, image.height),
	};
}

// Written out because the encoder's overloads take no union of the names.
async function encode(canvas: Canvas, type: PictureType): Promise<Buffer> {
	if (type === 'jpeg' || type === 'webp') return await canvas.encode(type, 85);
	if (type === 'gif') return await canvas.encode('gif');
	if (type === 'avif') return await canvas.encode('avif', { quality: 60, speed: 10 });
	return await canvas.encode('png');
}
