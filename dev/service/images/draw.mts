import { createRequire } from 'node:module';
import { type Canvas, createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';

import { hash } from '../directives.mts';
import type { DrawnImage, ImageType } from './image.mts';

/** Brought along, because a bare machine or container has no fonts at all. */
export const fontFamily = 'Stand-in Sans';

const require = createRequire(import.meta.url);
GlobalFonts.registerFromPath(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'), fontFamily);

export interface WrappedText {
	lines: string[];
	/** Pixels. */
	fontSize: number;
	lineHeight: number;
}

const maxTextLength = 1200;
const smallestFont = 9;

/** The largest font in which the text fits the box; cut with an ellipsis when none does. */
export function fitText(
	context: SKRSContext2D,
	text: string,
	width: number,
	height: number,
): WrappedText {
	const shown = text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
	let fontSize = Math.max(smallestFont, Math.min(width, height) / 8);
	for (;;) {
		context.font = `${fontSize}px "${fontFamily}"`;
		const lineHeight = fontSize * 1.35;
		const lines = wrap(context, shown, width);
		const room = Math.max(1, Math.floor(height / lineHeight));
		if (lines.length <= room) return { lines, fontSize, lineHeight };
		if (fontSize <= smallestFont) return { lines: cutLines(lines, room), fontSize, lineHeight };
		fontSize = Math.max(smallestFont, fontSize * 0.85);
	}
}

function cutLines(lines: string[], room: number): string[] {
	return lines.slice(0, room).map((line, index) => (index === room - 1 ? `${line}…` : line));
}

function wrap(context: SKRSContext2D, text: string, width: number): string[] {
	return text.split('\n').flatMap((paragraph) => wrapParagraph(context, paragraph, width));
}

function wrapParagraph(context: SKRSContext2D, paragraph: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of paragraph.split(/\s+/).flatMap((word) => breakWord(context, word, width))) {
		const longer = line ? `${line} ${word}` : word;
		if (line && context.measureText(longer).width > width) {
			lines.push(line);
			line = word;
		} else {
			line = longer;
		}
	}
	return [...lines, line];
}

// Words wider than the image, and scripts that are written without spaces.
function breakWord(context: SKRSContext2D, word: string, width: number): string[] {
	if (context.measureText(word).width <= width) return [word];
	const pieces: string[] = [];
	let piece = '';
	for (const character of word) {
		if (piece && context.measureText(piece + character).width > width) {
			pieces.push(piece);
			piece = '';
		}
		piece += character;
	}
	return [...pieces, piece];
}

const footer = 'stand-in image, no model was run';

/** A soft gradient in colors derived from the prompt, with the prompt on it. */
export function paintImage(canvas: Canvas, image: DrawnImage): void {
	const context = canvas.getContext('2d');
	if (!image.transparent) drawBackground(context, image);
	// No text is legible on so few pixels.
	if (Math.min(image.width, image.height) < 32) return;
	drawText(context, image);
}

function drawBackground(context: SKRSContext2D, { prompt, width, height }: DrawnImage): void {
	const hue = hash(prompt) % 360;
	const gradient = context.createLinearGradient(0, 0, width, height);
	gradient.addColorStop(0, `hsl(${hue}, 45%, 42%)`);
	gradient.addColorStop(1, `hsl(${(hue + 70) % 360}, 50%, 26%)`);
	context.fillStyle = gradient;
	context.fillRect(0, 0, width, height);
	for (let index = 0; index < 3; index += 1) {
		const draw = hash(`${index} ${prompt}`);
		drawGlow(context, (draw % 1000) / 1000, ((draw >>> 10) % 1000) / 1000, hue + 35 * index);
	}
}

/** @param x across and @param y down, 0 to 1 */
function drawGlow(context: SKRSContext2D, x: number, y: number, hue: number): void {
	const { width, height } = context.canvas;
	const radius = Math.max(width, height) * 0.45;
	const glow = context.createRadialGradient(
		x * width,
		y * height,
		0,
		x * width,
		y * height,
		radius,
	);
	glow.addColorStop(0, `hsla(${hue % 360}, 70%, 72%, 0.35)`);
	glow.addColorStop(1, `hsla(${hue % 360}, 70%, 72%, 0)`);
	context.fillStyle = glow;
	context.fillRect(0, 0, width, height);
}

function drawText(context: SKRSContext2D, image: DrawnImage): void {
	const { prompt, note, width, height, transparent } = image;
	const text = note ? `${prompt}\n${note}` : prompt;
	const { lines, lineHeight } = fitText(context, text, width * 0.84, height * 0.74);
	context.fillStyle = transparent ? 'rgb(60, 60, 70)' : 'rgb(255, 255, 255)';
	context.textAlign = 'center';
	context.textBaseline = 'middle';
	const top = height * 0.46 - ((lines.length - 1) * lineHeight) / 2;
	lines.forEach((line, index) => context.fillText(line, width / 2, top + index * lineHeight));
	context.font = `${Math.max(8, Math.min(width / 34, height / 34))}px "${fontFamily}"`;
	context.globalAlpha = 0.75;
	context.fillText(footer, width / 2, height * 0.95);
}

const cacheBytes = 128 * 1024 * 1024;
const cache = new Map<string, Promise<Buffer>>();
let cachedBytes = 0;

/** The encoded image. Equal images are rendered once, while the cache has room. */
export async function renderImage(image: DrawnImage): Promise<Buffer> {
	const fitting = fitToTotal(image);
	const { prompt, note, width, height, type, transparent } = fitting;
	const key = JSON.stringify([prompt, note, width, height, type, transparent]);
	const cached = cache.get(key) ?? render(fitting);
	// Set again: the map's order is the order of last use.
	cache.delete(key);
	cache.set(key, cached);
	return await cached;
}

async function render(image: DrawnImage): Promise<Buffer> {
	const canvas = createCanvas(image.width, image.height);
	paintImage(canvas, image);
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
function fitToTotal(image: DrawnImage): DrawnImage {
	if (image.totalBytes === undefined || image.totalBytes > 4_000_000) return image;
	const side = image.totalBytes < 20_000 ? 1 : image.totalBytes < 400_000 ? 64 : 256;
	return {
		...image,
		width: Math.min(side, image.width),
		height: Math.min(side, image.height),
	};
}

// Written out because the encoder's overloads take no union of the names.
async function encode(canvas: Canvas, type: ImageType): Promise<Buffer> {
	if (type === 'jpeg' || type === 'webp') return await canvas.encode(type, 85);
	if (type === 'gif') return await canvas.encode('gif');
	if (type === 'avif') return await canvas.encode('avif', { quality: 60, speed: 10 });
	return await canvas.encode('png');
}
