import type { Directives } from '../directives/directive.mts';

export type PictureType = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif';

/** All that decides a picture's bytes. */
export interface Picture {
	prompt: string;
	/** A smaller line under the prompt. */
	note: string;
	/** Pixels. */
	width: number;
	height: number;
	type: PictureType;
	transparent: boolean;
	/** Padded to so many bytes; PNG only. */
	totalBytes?: number;
}

const side = 1024;
const largestSide = 4096;
const types: readonly string[] = ['png', 'jpeg', 'webp', 'gif', 'avif'];

/** The picture asked for; the settings `size`, `format` and `bytes` win over the request. */
export function readPicture(directives: Directives, asked: Partial<Picture>): Picture {
	const type = directives.text('format', 'type') ?? asked.type ?? 'png';
	const totalBytes = directives.number('bytes', 'total');
	return {
		prompt: asked.prompt ?? '',
		note: asked.note ?? '',
		width: limitSide(directives.number('size', 'width') ?? asked.width),
		height: limitSide(directives.number('size', 'height') ?? asked.height),
		type: types.includes(type) && totalBytes === undefined ? (type as PictureType) : 'png',
		transparent: asked.transparent ?? false,
		...(totalBytes === undefined ? {} : { totalBytes }),
	};
}

function limitSide(pixels: number | undefined): number {
	return Math.min(Math.max(Math.round(pixels ?? side), 1), largestSide);
}

/** One of several pictures in an answer, told apart by its note. */
export function numbered(picture: Picture, index: number, count: number): Picture {
	if (count === 1) return picture;
	return { ...picture, note: `picture ${index + 1} of ${count} ${picture.note}`.trim() };
}
