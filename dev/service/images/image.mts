import { randomUUID } from 'node:crypto';

import type { Directive, Directives } from '../directives.mts';

export type ImageType = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif';

/** All that decides an image's bytes. */
export interface DrawnImage {
	prompt: string;
	/** A smaller line under the prompt. */
	note: string;
	/** Pixels. */
	width: number;
	height: number;
	type: ImageType;
	transparent: boolean;
	/** Padded to so many bytes; PNG only. */
	totalBytes?: number;
}

const side = 1024;
const maxSide = 4096;
const types: readonly string[] = ['png', 'jpeg', 'webp', 'gif', 'avif'];

/** The requested image; the settings `size`, `format` and `bytes` override the request. */
export function readImage(directives: Directives, requested: Partial<DrawnImage>): DrawnImage {
	const type = directives.text('format', 'type') ?? requested.type ?? 'png';
	const totalBytes = directives.number('bytes', 'total');
	return {
		prompt: requested.prompt ?? '',
		note: requested.note ?? '',
		width: limitSide(directives.number('size', 'width') ?? requested.width),
		height: limitSide(directives.number('size', 'height') ?? requested.height),
		type: types.includes(type) && totalBytes === undefined ? (type as ImageType) : 'png',
		transparent: requested.transparent ?? false,
		...(totalBytes === undefined ? {} : { totalBytes }),
	};
}

function limitSide(pixels: number | undefined): number {
	return Math.min(Math.max(Math.round(pixels ?? side), 1), maxSide);
}

/** One of several images in an answer, distinguished by its note. */
export function numbered(image: DrawnImage, index: number, count: number): DrawnImage {
	if (count === 1) return image;
	return { ...image, note: `image ${index + 1} of ${count} ${image.note}`.trim() };
}

export interface StoredImage {
	image: DrawnImage;
	directives: readonly Directive[];
	promptKey: string;
}

const keptImages = 20_000;

/**
 * What the image URLs stand for. An opaque id, because prompts are longer than URLs may be.
 * Only descriptions are kept; the oldest are dropped, and their URLs answer 404.
 */
export class ImageStore {
	private readonly images = new Map<string, StoredImage>();

	/** @returns the path of a URL that no other request gets. */
	add(stored: StoredImage): string {
		const id = randomUUID();
		this.images.set(id, stored);
		if (this.images.size > keptImages) {
			const [oldest] = this.images.keys();
			if (oldest !== undefined) this.images.delete(oldest);
		}
		return `/image/${id}.${stored.image.type}`;
	}

	/** @param name last part of the path, e.g. `<id>.png` */
	find(name: string): StoredImage | undefined {
		return this.images.get(name.split('.')[0] ?? '');
	}
}
