import { randomUUID } from 'node:crypto';

import type { Directive } from '../directives/directive.mts';
import type { Picture } from './picture.mts';

export interface StoredPicture {
	picture: Picture;
	directives: readonly Directive[];
	promptKey: string;
}

const keptPictures = 20_000;

/**
 * What the picture URLs stand for. An opaque id, because prompts are longer than URLs may be.
 * Only descriptions are kept; the oldest are dropped, and their URLs answer 404.
 */
export class PictureStore {
	private readonly pictures = new Map<string, StoredPicture>();

	/** @returns the path of a URL that no other request gets. */
	add(stored: StoredPicture): string {
		const id = randomUUID();
		this.pictures.set(id, stored);
		if (this.pictures.size > keptPictures) {
			const [oldest] = this.pictures.keys();
			if (oldest !== undefined) this.pictures.delete(oldest);
		}
		return `/picture/${id}.${stored.picture.type}`;
	}

	/** @param name last part of the path, e.g. `<id>.png` */
	find(name: string): StoredPicture | undefined {
		return this.pictures.get(name.split('.')[0] ?? '');
	}
}
