import { has, sniffImage } from './image/format';
import type { AttachedFile, ByteSource } from './types';

/** What a file is, by its first bytes. */
export type FileFormat = Pick<AttachedFile, 'kind' | 'mimeType'> & {
	/** File name extension without the dot. */
	extension: string;
};

/** So many bytes tell what a file is: a PDF may begin after 1024 others (ISO 32000-1, annex H). */
export const HEAD_BYTES = 1032;

/** For a file that is none of these, nor text. */
export const FILE_ADVICE =
	'Send PNG, JPEG, WebP, GIF, AVIF, PDF, WAV, MP3 or text files. Convert others with the Extract from File node first.';

const PDF: FileFormat = { kind: 'pdf', mimeType: 'application/pdf', extension: 'pdf' };
const WAV: FileFormat = { kind: 'audio', mimeType: 'audio/wav', extension: 'wav' };
const MP3: FileFormat = { kind: 'audio', mimeType: 'audio/mpeg', extension: 'mp3' };

/**
 * The format of a file that models take as it is, whatever its name or content type say.
 * @param head its first `HEAD_BYTES`, or all of it
 */
export function sniffFile(head: Uint8Array): FileFormat | undefined {
	const image = sniffImage(head);
	if (image !== undefined) return { kind: 'image', ...image };
	if (has(head, 0, 'RIFF') && has(head, 8, 'WAVE')) return WAV;
	if (isTagged(head) || isMp3Frame(head)) return MP3;
	return PDF_HEADER.test(Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1'))
		? PDF
		: undefined;
}

/** Not within a line: texts may speak of it. */
const PDF_HEADER = /(^|[^ -~])%PDF-/;

/** ID3v2.2 to 2.4, not a text that begins with its name. */
function isTagged(head: Uint8Array): boolean {
	return has(head, 0, 'ID3') && (head[3] ?? 5) < 5;
}

/** The header of an MPEG audio frame of layer III (ISO/IEC 11172-3, 2.4.1.3) without a reserved value. */
function isMp3Frame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
	const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08;
	return isLayer3 && third >> 4 !== 0x0f && third >> 4 !== 0 && (third & 0x0c) !== 0x0c;
}

/** A text file's text. */
export interface DecodedText {
	text: string;
	/** The encoding where nothing but the bytes suggested it. */
	guessed?: string;
}

const CHARSET = /charset\s*=\s*["']?([\w:.-]+)/i;
/** XML's declaration and HTML's `meta`, which name the encoding in ASCII. */
const OWN_CHARSET =
	/<\?xml[^>]{0,200}\bencoding\s*=\s*["']([\w:.-]+)|<meta[^>]{0,200}\bcharset\s*=\s*["']?([\w:.-]+)/i;

/**
 * The text of a file: by its byte order mark, by the charset that its type or the file itself declares, as UTF-8,
 * or in an encoding that is guessed.
 * @param contentType of the file; its `charset` counts
 * @param guess names the encoding that the bytes look like
 * @returns undefined for what is not text
 */
export function decodeText(
	bytes: Uint8Array,
	contentType = '',
	guess?: () => string,
): DecodedText | undefined {
	const text = declaredCharsets(bytes, contentType)
		.map((charset) => decode(bytes, charset))
		.find((found) => found !== undefined);
	if (text !== undefined) return { text };
	const guessed = guess?.() ?? '';
	const read = decode(bytes, guessed);
	return read === undefined ? undefined : { text: read, guessed };
}

function declaredCharsets(bytes: Uint8Array, contentType: string): string[] {
	if (has(bytes, 0, '\xff\xfe')) return ['utf-16le'];
	if (has(bytes, 0, '\xfe\xff')) return ['utf-16be'];
	if (has(bytes, 0, '\xef\xbb\xbf')) return ['utf-8'];
	const [, declared = ''] = CHARSET.exec(contentType) ?? [];
	const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
	const [, xml, html] = OWN_CHARSET.exec(head) ?? [];
	const own = xml ?? html ?? '';
	// What is read as ASCII is not UTF-16 (WHATWG HTML, 13.2.3.2).
	return [declared, /^utf-?16/i.test(own) ? '' : own, 'utf-8'];
}

/** Control characters that text does not have: all but white space and the escapes of colored logs. */
const CONTROLS = new RegExp(`(?![\\t-\\r\\u0085${String.fromCharCode(0x1b)}])\\p{Cc}`, 'u');

/** Undefined for an unknown charset, for bytes that are none of its text, and for a file of another kind. */
function decode(bytes: Uint8Array, charset: string): string | undefined {
	try {
		const text = new TextDecoder(charset, { fatal: true }).decode(bytes);
		return charset === '' || CONTROLS.test(text) || text.startsWith('{\\rtf') ? undefined : text;
	} catch {
		return undefined;
	}
}

/** At least so many bytes of a file, or all there are. */
export async function readBytes({ read }: ByteSource, size = Infinity): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	let length = 0;
	for await (const bytes of read()) {
		pieces.push(bytes);
		length += bytes.length;
		if (length >= size) break;
	}
	return Buffer.concat(pieces);
}

/** A file's text as it stands in a prompt. */
export function titled(fileName: string, text: string): string {
	return `File: ${fileName}\nContent:\n${text}`;
}

/** In bytes. */
const PIECE_BYTES = 64 * 1024;

/** Bytes in memory, in pieces. */
export function heldBytes(bytes: Uint8Array): ByteSource {
	return {
		size: bytes.length,
		async *read() {
			for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
				yield bytes.subarray(start, start + PIECE_BYTES);
			}
		},
	};
}
