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
