import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCanvas, GifEncoder, loadImage } from '@napi-rs/canvas';

import { EVIDENCE } from '../n8n/useLab.mts';
import type { Editor } from './pages/Editor.mts';

const LOOKED_AT = path.join(EVIDENCE, 'screenshots');
/** Where those go that the README shows: `--screenshots` names another folder than that of the others. */
const SHOWN = path.resolve(process.env['AICHATS_SCREENSHOTS'] || LOOKED_AT);

/** File of an image that the README shows. */
export function shown(name: string): string {
	return path.join(SHOWN, name);
}

/** File of an image that is only looked at. */
export function lookedAt(name: string): string {
	return path.join(LOOKED_AT, name);
}

/** Pixels. */
const FILM = { width: 1080, height: 675 };

/** What an editor showed at several moments of a test, as an animated image that starts over at its end. */
export class Film {
	private readonly gif = new GifEncoder(FILM.width, FILM.height, { repeat: 0, quality: 5 });

	constructor(private readonly editor: Editor) {}

	/** @param delay how long this moment is shown, in ms */
	async take(delay: number): Promise<void> {
		const { width, height } = FILM;
		const context = createCanvas(width, height).getContext('2d');
		context.imageSmoothingQuality = 'high';
		context.drawImage(await loadImage(await this.editor.screenshot()), 0, 0, width, height);
		const { data } = context.getImageData(0, 0, width, height);
		this.gif.addFrame(new Uint8Array(data.buffer), width, height, { delay });
	}

	/** @returns the size of the file, in bytes */
	async keep(file: string): Promise<number> {
		const bytes = this.gif.finish();
		await writeFile(file, bytes);
		return bytes.length;
	}
}
