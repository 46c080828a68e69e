import { padPng } from './padding.mts';
import type { Picture } from './picture.mts';
import { renderPicture } from './render.mts';

/** The whole picture in memory, for answers that carry it inside their JSON. */
export async function pictureBytes(picture: Picture): Promise<Buffer> {
	const { chunks } = padPng(await renderPicture(picture), picture.totalBytes);
	return Buffer.concat([...chunks]);
}
