import { ProviderError } from '../errors';

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const CODE_DIGITS = 4;
/** Escapes of control characters (RFC 8259, 7): `b`, `f`, `n`, `r`, `t`. Here they are white space. */
const CONTROLS = new Set([...'bfnrt'].map((letter) => letter.charCodeAt(0)));
const SPACE = 0x20;

/** The byte belongs to an escape that is not over. */
export const SKIPPED = -1;

/** Undoes the escapes of a JSON string byte by byte, wherever it is cut. */
export class JsonEscapes {
	private state: 'plain' | 'escaped' | 'code' = 'plain';
	private code = '';

	/** Whether no escape is under way. */
	get isPlain(): boolean {
		return this.state === 'plain';
	}

	/** The character that this byte completes, or SKIPPED. */
	next(byte: number): number {
		if (this.state === 'plain' && byte !== BACKSLASH) return byte;
		if (this.state === 'plain') this.state = 'escaped';
		else if (this.state === 'code') return this.nextDigit(byte);
		else if (byte === LETTER_U) this.state = 'code';
		else {
			this.state = 'plain';
			return CONTROLS.has(byte) ? SPACE : byte;
		}
		return SKIPPED;
	}

	private nextDigit(byte: number): number {
		this.code += String.fromCharCode(byte);
		if (this.code.length < CODE_DIGITS) return SKIPPED;
		const character = parseInt(this.code, 16);
		this.state = 'plain';
		this.code = '';
		return character;
	}
}

/** RFC 4648, 4 */
const MAX_PADDING = 2;
/**
 * White space and padding beyond the characters that give bytes: more would be an answer without end that
 * gives next to nothing, while readers keep the pieces that it came in.
 */
const MAX_EMPTY = 64 * 1024;
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
 * pieces. Decodes in place, over the characters it was given: a large image needs no second memory.
 * @throws ProviderError `protocol` for what is not base64: a decoder that skips it gives a broken file
 */
export class Base64Decoder {
	private readonly escapes = new JsonEscapes();
	private bits = 0;
	private bitCount = 0;
	private padding = 0;
	/** Characters that give nothing, less those that give bytes; never below zero. */
	private empty = 0;
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

	/** @throws ProviderError `truncated` where the last character has no second one: six bits are no byte */
	finish(): void {
		if (this.bitCount === 6) throw new ProviderError('truncated', 'The image broke off');
	}

	/** Four plain characters at a time, as nearly all are. @returns where something else begins */
	private takeGroups(characters: Uint8Array, start: number): number {
		if (this.bitCount !== 0 || this.padding > 0 || !this.escapes.isPlain) return start;
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
		this.empty = Math.max(0, this.empty - (index - start));
		this.end = end;
		return index;
	}

	private takeOne(characters: Uint8Array, index: number): void {
		const character = this.escapes.next(characters[index] ?? 0);
		if (character === SKIPPED) return;
		const value = VALUES[character] ?? FOREIGN;
		if (value >= WHITE_SPACE || this.padding > 0) return this.noteMark(value);
		this.empty = Math.max(0, this.empty - 1);
		this.bits = ((this.bits << 6) | value) & 0xffff;
		this.bitCount += 6;
		if (this.bitCount < 8) return;
		this.bitCount -= 8;
		characters[this.end++] = (this.bits >> this.bitCount) & 0xff;
	}

	/** Padding and white space give nothing; anything else, after the padding too, is not base64. */
	private noteMark(value: number): void {
		this.empty++;
		if (value === PADDING) this.padding++;
		const isMark = value === WHITE_SPACE || value === PADDING;
		if (isMark && this.padding <= MAX_PADDING && this.empty <= MAX_EMPTY) return;
		throw new ProviderError('protocol', 'The service sent an image in broken base64');
	}
}

/** Six bits; for anything else -1, which makes its whole group negative wherever it is shifted. */
function valueAt(characters: Uint8Array, index: number): number {
	const value = VALUES[characters[index] ?? 0] ?? FOREIGN;
	return value < WHITE_SPACE ? value : -1;
}
