/** Image files made in code: no fixture files, and every byte is known. */

export function join(...parts: Array<Uint8Array | string | number[]>): Uint8Array {
	return new Uint8Array(
		Buffer.concat(
			parts.map((part) =>
				typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part as Uint8Array),
			),
		),
	);
}

function u16be(value: number): number[] {
	return [value >> 8, value & 0xff];
}

function u32be(value: number): number[] {
	return [...u16be(value >>> 16), ...u16be(value & 0xffff)];
}

function u16le(value: number): number[] {
	return u16be(value).reverse();
}

function u24le(value: number): number[] {
	return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff];
}

function u32le(value: number): number[] {
	return u32be(value).reverse();
}

export function png(width: number, height: number): Uint8Array {
	const header = join('IHDR', u32be(width), u32be(height), [8, 6, 0, 0, 0]);
	const end = join(u32be(0), 'IEND', [0xae, 0x42, 0x60, 0x82]);
	return join('\x89PNG\r\n\x1a\n', u32be(13), header, u32be(0), end);
}

export function gif(width: number, height: number, version = 'GIF89a'): Uint8Array {
	return join(version, u16le(width), u16le(height), [0, 0, 0], ';');
}

/** A JPEG segment: marker, length, content. */
export function segment(marker: number, content: Uint8Array | number[]): Uint8Array {
	return join([0xff, marker], u16be(content.length + 2), content);
}

export function frame(marker: number, width: number, height: number): Uint8Array {
	return segment(marker, [8, ...u16be(height), ...u16be(width), 1, 1, 0x11, 0]);
}

export function jpeg(...segments: Array<Uint8Array | number[]>): Uint8Array {
	return join([0xff, 0xd8], ...segments, [0xff, 0xd9]);
}

function riff(chunk: string, content: Uint8Array): Uint8Array {
	return join('RIFF', u32le(content.length + 12), 'WEBP', chunk, u32le(content.length), content);
}

export function webpLossy(width: number, height: number): Uint8Array {
	// Two scaling bits above each of the 14-bit sizes: they are no part of the size.
	const sizes = [...u16le(width | 0x4000), ...u16le(height | 0x8000)];
	return riff('VP8 ', join([0x30, 0x01, 0x00, 0x9d, 0x01, 0x2a], sizes));
}

export function webpLossless(width: number, height: number): Uint8Array {
	const bits = ((width - 1) | ((height - 1) << 14) | (1 << 28)) >>> 0;
	return riff('VP8L', join([0x2f], u32le(bits), [0, 0]));
}

export function webpExtended(width: number, height: number): Uint8Array {
	return riff('VP8X', join([0x10, 0, 0, 0], u24le(width - 1), u24le(height - 1)));
}

export function avif(width: number, height: number, brand = 'avif'): Uint8Array {
	const fileType = join(u32be(20), 'ftyp', brand, u32be(0), 'mif1');
	const size = join(u32be(20), 'ispe', u32be(0), u32be(width), u32be(height));
	return join(fileType, u32be(size.length + 8), 'ipco', size, u32be(12), 'mdat', u32be(7));
}
