import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { type Secret, secretsOf } from './secrets';

/** A function that takes secrets out of a text that is about to leave. */
export type Redact = (text: string) => string;

const MASK = '*****';
/** Shorter values are looked for as whole words only. */
const MIN_DISTINCT_LENGTH = 8;
/** How much of a secret's beginning gives it away, where texts are cut. */
const MIN_PREFIX = 10;
const MAX_PREFIX = 32;
/** Services quote what they were sent in JSON, in JSON within JSON, in URLs and in pages. */
const MAX_DEPTH = 4;

/**
 * A function that takes a credential's secrets out of a text: each as it is, in base64 and hex, and all
 * of these in whatever escapes of JSON, URLs and HTML. Secrets are also found when the text holds only
 * their first half.
 * @param secretFields the fields whose values are secret; those of header rows, the proxy URL, and the
 * account's identifiers are known here
 */
export function redactor(
	credential: ICredentialDataDecryptedObject,
	secretFields: readonly string[],
): Redact {
	const all = secretsOf(credential, secretFields)
		.flatMap(patternsOf)
		.map((pattern) => ({ ...pattern, spelling: lowerCase(pattern.spelling) }));
	// Of several patterns for one spelling, the last: passwords and parts come after whole headers.
	const patterns = [...new Map(all.map((pattern) => [pattern.spelling, pattern])).values()];
	if (patterns.length === 0) return (original) => original;
	return (original) => masked(original, findAll(original, patterns));
}

/** A spelling of a secret to look for. */
interface Pattern {
	spelling: string;
	/** So many characters of its beginning are enough. */
	prefix: number;
	/** Only where no letter or digit stands on either side. */
	wholeWord: boolean;
}

function patternsOf({ value, partly }: Secret): Pattern[] {
	const bytes = Buffer.from(value, 'utf8');
	const hex = bytes.toString('hex');
	const base64 = [bytes.toString('base64'), bytes.toString('base64url'), ...base64Cores(bytes)];
	const encoded = [...base64, hex].filter((spelling) => spelling.length >= MIN_DISTINCT_LENGTH);
	const isDistinct = value.length >= MIN_DISTINCT_LENGTH && !/^\p{L}+$/u.test(value);
	const pattern = (spelling: string, wholeWord = false): Pattern => ({
		spelling,
		prefix: partly && !wholeWord ? prefixOf(spelling) : spelling.length,
		wholeWord,
	});
	return [
		pattern(value, !isDistinct),
		pattern(bytes.toString('latin1'), !isDistinct),
		...encoded.map((spelling) => pattern(spelling)),
	];
}

function prefixOf({ length }: string): number {
	return Math.min(length, Math.max(MIN_PREFIX, Math.min(MAX_PREFIX, Math.ceil(length / 2))));
}

/**
 * What of a base64 text (RFC 4648, 4 and 5) depends on these bytes alone, for each place within a group
 * of three at which they may stand: services quote whole headers, and user names before passwords.
 */
function base64Cores(bytes: Buffer): string[] {
	return [0, 1, 2].flatMap((offset) => {
		const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
		const end = Math.floor(((offset + bytes.length) * 8) / 6);
		const core = encoded.slice(Math.ceil((offset * 8) / 6), end);
		return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
	});
}

/** A text with some of its escapes undone, and where each character of it stands in the original. */
interface Reading {
	text: string;
	/** Start of each character, and the end of the last; the character's own index where it is missing. */
	starts: Uint32Array | undefined;
}

type Range = readonly [start: number, end: number];

function findAll(original: string, patterns: readonly Pattern[]): Range[] {
	const ranges: Range[] = [];
	let reading: Reading = { text: original, starts: undefined };
	for (let depth = 0; depth <= MAX_DEPTH; depth++) {
		const words = lowerCase(reading.text);
		for (const pattern of patterns) {
			// One by one: as arguments of a single call, many of them do not fit on the stack.
			for (const range of find(words, reading, pattern)) ranges.push(range);
		}
		const next = unescaped(reading);
		if (next === undefined) break;
		reading = next;
	}
	return ranges;
}

/** @param words the reading's text in lower case: some services change the case of what they quote */
function* find(words: string, { starts }: Reading, pattern: Pattern): Generator<Range> {
	const { spelling, prefix, wholeWord } = pattern;
	const beginning = spelling.slice(0, prefix);
	let from = 0;
	for (;;) {
		const start = words.indexOf(beginning, from);
		if (start < 0) break;
		let end = start + prefix;
		while (end - start < spelling.length && words[end] === spelling[end - start]) end++;
		const isPart = wholeWord && !isWordAt(words, start, end);
		from = isPart ? start + 1 : end;
		if (!isPart) yield [starts?.[start] ?? start, starts?.[end] ?? end];
	}
	const tail = wholeWord ? 0 : tailLength(words, spelling, prefix);
	const start = words.length - tail;
	if (tail > 0) yield [starts?.[start] ?? start, starts?.[words.length] ?? words.length];
}

/** ASCII only, which keeps every character in its place. */
function lowerCase(text: string): string {
	return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

/** How much of a secret's beginning a text ends with: it was cut there. */
function tailLength(words: string, spelling: string, prefix: number): number {
	for (let length = Math.min(prefix - 1, words.length); length >= MIN_DISTINCT_LENGTH; length--) {
		if (words.endsWith(spelling.slice(0, length))) return length;
	}
	return 0;
}

function isWordAt(words: string, start: number, end: number): boolean {
	return !/[\p{L}\d]/u.test(`${words[start - 1] ?? ''}${words[end] ?? ''}`);
}

/** JSON's escapes, percent-encoding, HTML's references, and what is invisible on a page. */
const ESCAPES =
	/\\u([0-9a-f]{4})|\\([^u])|%([0-9a-f]{2})|&#(\d{1,7});|&#x([0-9a-f]{1,6});|&(amp|apos|gt|lt|quot);|[\u00ad\u200b-\u200f\u2060\ufeff]|<wbr ?\/?>/gi;
const NAMED: Record<string, string> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };
const CONTROLS: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescaped({ text: escaped, starts }: Reading): Reading | undefined {
	if (escaped.search(ESCAPES) < 0) return undefined;
	const places = new Uint32Array(escaped.length + 1);
	const pieces: string[] = [];
	let length = 0;
	const take = (piece: string, from: number, step: number): void => {
		for (let index = 0; index < piece.length; index++) {
			places[length++] = starts?.[from + index * step] ?? from + index * step;
		}
		pieces.push(piece);
	};
	let from = 0;
	for (const match of escaped.matchAll(ESCAPES)) {
		take(escaped.slice(from, match.index), from, 1);
		take(meaning(match), match.index, 0);
		from = match.index + match[0].length;
	}
	take(escaped.slice(from), from, 1);
	places[length] = starts?.[escaped.length] ?? escaped.length;
	return { text: pieces.join(''), starts: places };
}

function meaning([, json, escaped, percent, decimal, hex, name]: RegExpMatchArray): string {
	if (escaped !== undefined) return CONTROLS[escaped] ?? escaped;
	if (name !== undefined) return NAMED[name.toLowerCase()] ?? '';
	const code = decimal === undefined ? parseInt(json ?? percent ?? hex ?? '', 16) : Number(decimal);
	return Number.isNaN(code) ? '' : String.fromCharCode(code);
}

/** @param ranges of the original, in any order, overlapping or not */
function masked(original: string, ranges: readonly Range[]): string {
	const pieces: string[] = [];
	let from = 0;
	for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
		if (start > from || pieces.length === 0) pieces.push(original.slice(from, start), MASK);
		from = Math.max(from, end);
	}
	return [...pieces, original.slice(from)].join('');
}
