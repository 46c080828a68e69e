import { padPng } from './padding.mts';
import type { OpenedImage } from './picture.mts';
import { renderPicture } from './render.mts';

/** The whole image in memory, for answers that carry it inside their JSON. */
export async function pictureBytes(image: OpenedImage): Promise<Buffer> {
	const { chunks } = padPng(await renderPicture(image), image.totalBytes);
	return Buffer.concat([...chunks]);
}
