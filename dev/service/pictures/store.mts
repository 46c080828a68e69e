import { randomUUID } from 'node:crypto';

import type { Directive } from '../directives/directive.mts';
import type { OpenedImage } from './picture.mts';

export interface StoredImage {
	image: OpenedImage;
	directives: readonly Directive[];
	promptKey: string;
}

const keptPictures = 20_000;

/**
 * What the image URLs stand for. An opaque id, because prompts are longer than URLs may be.
 * Only descriptions are kept; the oldest are dropped, and their URLs answer 404.
 */
export class ImageSink {
	private readonly images = new Map<string, StoredImage>();

	/** @returns the path of a URL that no other request gets. */
	add(stored: StoredImage): string {
		const id = randomUUID();
		this.images.set(id, stored);
		if (this.images.size > keptPictures) {
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
