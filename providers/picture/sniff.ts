/** Picture formats that are taken. SVG and HTML are documents that can hold scripts: no pictures here. */
export interface PictureFormat {
	mimeType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif' | 'image/avif';
	/** File name extension without the dot. */
	extension: 'png' | 'jpg' | 'webp' | 'gif' | 'avif';
}

const FORMATS: ReadonlyArray<PictureFormat & { matches(head: Uint8Array): boolean }> = [
	{ mimeType: 'image/png', extension: 'png', matches: (head) => has(head, 0, '\x89PNG\r\n\x1a\n') },
	{ mimeType: 'image/jpeg', extension: 'jpg', matches: (head) => has(head, 0, '\xff\xd8\xff') },
	{ mimeType: 'image/gif', extension: 'gif', matches: (head) => has(head, 0, 'GIF8') },
	{
		mimeType: 'image/webp',
		extension: 'webp',
		matches: (head) => has(head, 0, 'RIFF') && has(head, 8, 'WEBP'),
	},
	{
		mimeType: 'image/avif',
		extension: 'avif',
		matches: (head) => has(head, 4, 'ftyp') && (has(head, 8, 'avif') || has(head, 8, 'avis')),
	},
];

/** The format that a file's first bytes show, whatever its name or content type say. */
export function sniffPicture(head: Uint8Array): PictureFormat | undefined {
	const format = FORMATS.find(({ matches }) => matches(head));
	return format && { mimeType: format.mimeType, extension: format.extension };
}

/** Whether the bytes at `offset` are these characters (Latin-1). */
export function has(bytes: Uint8Array, offset: number, characters: string): boolean {
	for (let index = 0; index < characters.length; index++) {
		if (bytes[offset + index] !== characters.charCodeAt(index)) return false;
	}
	return true;
}
