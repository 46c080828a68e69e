import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, test } from 'vitest';

import { bytesOf, readPng } from './support/png.mts';
import { fetchImage } from './support/requests.mts';
import { openService } from './support/service.mts';

async function pixels(png: Buffer): Promise<Uint8ClampedArray> {
	const image = await loadImage(png);
	const context = createCanvas(image.width, image.height).getContext('2d');
	context.drawImage(image, 0, 0);
	return context.getImageData(0, 0, image.width, image.height).data;
}

test('an image is 1024 pixels square, unless asked otherwise', async () => {
	const service = await openService();
	const image = await loadImage(await bytesOf(await fetchImage(service, 'a fox')));
	expect([image.width, image.height]).toEqual([1024, 1024]);
});

test('the same prompt gives the same image, another one another', async () => {
	const service = await openService();
	const size = '[[size width=200 height=200]]';
	const [first, again, other] = await Promise.all(
		[`a fox ${size}`, `a fox ${size}`, `an elk ${size}`].map(
			async (prompt) => await bytesOf(await fetchImage(service, prompt)),
		),
	);
	expect(first?.equals(again as Buffer)).toBe(true);
	expect(first?.equals(other as Buffer)).toBe(false);
});

test('the prompt is written on it in white', async () => {
	const service = await openService();
	const prompt = 'a fox [[size width=400 height=400]]';
	const data = await pixels(await bytesOf(await fetchImage(service, prompt)));
	let white = 0;
	for (let index = 0; index < data.length; index += 4) {
		if ((data[index] ?? 0) + (data[index + 1] ?? 0) + (data[index + 2] ?? 0) > 750) white += 1;
	}
	expect(white).toBeGreaterThan(100);
});

test.for(['x'.repeat(5000), 'many words '.repeat(500), '漢字かな'.repeat(300), '\n\n\n', ''])(
	'whatever the prompt, it is drawn',
	async (prompt) => {
		const service = await openService();
		const response = await fetchImage(service, `${prompt}[[size width=150 height=90]]`);
		expect(readPng(await bytesOf(response)).length).toBeGreaterThan(2);
	},
);

test('a padded image is still an image', async () => {
	const service = await openService();
	const response = await fetchImage(service, 'a fox [[bytes total=5000000]]');
	const image = await loadImage(await bytesOf(response));
	expect(image.width).toBe(1024);
});

test('an unknown image is not found', async () => {
	const service = await openService();
	expect((await fetch(`${service.imagesUrl}/image/none.png`)).status).toBe(404);
});
