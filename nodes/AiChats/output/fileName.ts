const LONGEST = 60;
const PICTURE_EXTENSION = /\.(png|jpe?g|webp|gif|avif|svg|bmp|tiff?)$/i;

/**
 * A safe file name: letters, digits, dots, dashes and underscores of what was wished for, without
 * folders, and with the extension that the picture's bytes call for.
 * @param number which of an item's pictures it is, from 1
 */
export function pictureFileName(wish: string, extension: string, number: number): string {
	const stem = wish
		.trim()
		.replace(PICTURE_EXTENSION, '')
		.normalize('NFC')
		.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
		.replace(/\.{2,}/g, '.');
	const short = [...stem]
		.slice(0, LONGEST)
		.join('')
		.replace(/^[-.]+|[-.]+$/g, '');
	const suffix = number > 1 ? `-${number}` : '';
	return `${short || 'image'}${suffix}.${extension}`;
}
