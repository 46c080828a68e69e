import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';

import { hash } from '../directives/chaos.mts';
import { fontFamily } from './fonts.mts';
import type { OpenedImage } from './picture.mts';
import { fitText } from './wrap.mts';

const footer = 'stand-in image, no model was run';

/** A soft gradient in colours of the prompt's own, with the prompt on it. */
export function drawPicture(canvas: Canvas, image: OpenedImage): void {
	const context = canvas.getContext('2d');
	if (!image.transparent) drawBackground(context, image);
	// No text is legible on so few pixels.
	if (Math.min(image.width, image.height) < 32) return;
	drawText(context, image);
}

function drawBackground(context: SKRSContext2D, { prompt, width, height }: OpenedImage): void {
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

function drawText(context: SKRSContext2D, image: OpenedImage): void {
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
