import { ProviderError } from '../errors';
import { JsonEscapes, SKIPPED } from './JsonEscapes';

const FOREIGN = 255;
const PADDING = 254;
const WHITE_SPACE = 253;

/** What each character stands for: six bits, or one of the marks above. */
const VALUES = new Uint8Array(256).fill(FOREIGN);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach(
	(character, bits) => {
		VALUES[character.charCodeAt(0)] = bits;
	},
);
// The alphabet for URLs (RFC 4648, 5).
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;
VALUES['='.charCodeAt(0)] = PADDING;
for (const character of ' \t\r\n') VALUES[character.charCodeAt(0)] = WHITE_SPACE;

/**
 * Base64 as it stands in a JSON string, piece by piece: groups of four and escapes may be split between
 * pieces. Decodes in place, over the characters it was given: a large picture needs no second memory.
 * @throws ProviderError `protocol` for what is no base64: a decoder that skips it gives a broken file
 */
export class Base64Decoder {
	private readonly escapes = new JsonEscapes();
	private bits = 0;
	private bitCount = 0;
	private padded = false;
	/** Where the next byte goes in the piece at hand. */
	private end = 0;

	/** The bytes that these characters complete, at their beginning. */
	push(characters: Uint8Array): Uint8Array {
		this.end = 0;
		let index = 0;
		while (index < characters.length) {
			index = this.takeGroups(characters, index);
			if (index < characters.length) this.takeOne(characters, index++);
		}
		return characters.subarray(0, this.end);
	}

	/** Four plain characters at a time, as nearly all are. @returns where something else begins */
	private takeGroups(characters: Uint8Array, start: number): number {
		if (this.bitCount !== 0 || this.padded || !this.escapes.isPlain) return start;
		let index = start;
		let { end } = this;
		for (; index + 4 <= characters.length; index += 4) {
			const group =
				(valueAt(characters, index) << 18) |
				(valueAt(characters, index + 1) << 12) |
				(valueAt(characters, index + 2) << 6) |
				valueAt(characters, index + 3);
			if (group < 0) break;
			characters[end++] = group >> 16;
			characters[end++] = group >> 8;
			characters[end++] = group;
		}
		this.end = end;
		return index;
	}

	private takeOne(characters: Uint8Array, index: number): void {
		const character = this.escapes.next(characters[index] ?? 0);
		if (character === SKIPPED) return;
		const value = VALUES[character] ?? FOREIGN;
		if (value >= WHITE_SPACE || this.padded) return this.noteMark(value);
		this.bits = ((this.bits << 6) | value) & 0xffff;
		this.bitCount += 6;
		if (this.bitCount < 8) return;
		this.bitCount -= 8;
		characters[this.end++] = (this.bits >> this.bitCount) & 0xff;
	}

	/** Padding and white space give nothing; anything else, also behind the padding, is no base64. */
	private noteMark(value: number): void {
		if (value === WHITE_SPACE) return;
		if (value !== PADDING) {
			throw new ProviderError('protocol', 'The service sent a picture in broken base64');
		}
		this.padded = true;
	}
}

/** Six bits; for anything else -1, which makes its whole group negative wherever it is shifted. */
function valueAt(characters: Uint8Array, index: number): number {
	const value = VALUES[characters[index] ?? 0] ?? FOREIGN;
	return value < WHITE_SPACE ? value : -1;
}
