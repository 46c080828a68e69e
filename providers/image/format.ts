/** Image formats that are accepted. SVG and HTML are documents that can hold scripts, so they are not. */
export interface ImageFormat {
	mimeType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif' | 'image/avif';
	/** File name extension without the dot. */
	extension: 'png' | 'jpg' | 'webp' | 'gif' | 'avif';
}

const FORMATS: ReadonlyArray<ImageFormat & { matches(head: Uint8Array): boolean }> = [
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
export function sniffImage(head: Uint8Array): ImageFormat | undefined {
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

/** Width and height in pixels. */
export interface Dimensions {
	width: number;
	height: number;
}

type Reader = (view: DataView, bytes: Uint8Array) => Dimensions | undefined;

const READERS: Record<ImageFormat['extension'], Reader> = { png, jpg, gif, webp, avif };

/** In pixels: the largest side of an extended WebP (RFC 9649, 2.7), far beyond any real image. */
const MAX_SIDE = 2 ** 24;

/** The size that a file's header states; undefined where these first bytes do not, or state an absurd one. */
export function readDimensions(
	head: Uint8Array,
	extension: ImageFormat['extension'],
): Dimensions | undefined {
	const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
	try {
		const found = READERS[extension](view, head);
		return found && isSide(found.width) && isSide(found.height) ? found : undefined;
	} catch {
		// A DataView throws RangeError beyond its end: the header is not within these bytes.
		return undefined;
	}
}

function isSide(pixels: number): boolean {
	return pixels > 0 && pixels <= MAX_SIDE;
}

/** PNG specification, 11.2.2: IHDR is the first chunk. */
function png(view: DataView): Dimensions {
	return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** GIF89a, 18: logical screen descriptor. */
function gif(view: DataView): Dimensions {
	return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** ITU-T T.81, B.2: the first frame header (SOF0 to SOF15 without DHT, JPG and DAC). */
function jpg(view: DataView): Dimensions {
	let offset = 2;
	for (;;) {
		while (view.getUint8(offset + 1) === 0xff) offset++;
		const marker = view.getUint8(offset + 1);
		const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (isFrame) return { width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) };
		offset += 2 + view.getUint16(offset + 2);
	}
}

/** RFC 9649, 2.5 to 2.7: VP8X, VP8L (lossless) or VP8 (lossy) comes first. */
function webp(view: DataView, bytes: Uint8Array): Dimensions | undefined {
	if (has(bytes, 12, 'VP8X')) return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
	if (has(bytes, 12, 'VP8L')) {
		const bits = view.getUint32(21, true);
		return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
	}
	if (!has(bytes, 12, 'VP8 ')) return undefined;
	return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

function uint24(view: DataView, offset: number): number {
	return view.getUint16(offset, true) | (view.getUint8(offset + 2) << 16);
}

/** ISO/IEC 23008-12, 6.5.3: the first `ispe` box holds version and flags, width, height. */
function avif(view: DataView, bytes: Uint8Array): Dimensions | undefined {
	for (let offset = 4; offset + 16 <= bytes.length; offset++) {
		if (!has(bytes, offset, 'ispe')) continue;
		return { width: view.getUint32(offset + 8), height: view.getUint32(offset + 12) };
	}
	return undefined;
}
