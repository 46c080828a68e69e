import { parseJson, type ParseResult } from '../decode/json';
import { MAX_LEVELS } from './scalars';

const CURLY = 0x7b;
const SQUARE = 0x5b;
const CURLY_END = 0x7d;
const SQUARE_END = 0x5d;
const QUOTE = 0x22;
const LESS_THAN = 0x3c;

const CLOSING_TAG = '</think>';
/** Values are looked at from the last one back; an answer of more of them is an attack. */
const MAX_CANDIDATES = 100;

/** Says why a value is not the requested one; undefined where it is. */
export type FaultOf = (value: unknown) => string | undefined;

/**
 * The JSON value in an answer that may wrap it in a code fence or in sentences. Of several values, the last one
 * without a fault counts: models draft first. A part of another value never counts, least of all one of a value
 * that was cut or cannot be read. Takes time in proportion to the answer's length.
 */
export function extractJson(answer: string, faultOf: FaultOf = () => undefined): ParseResult {
	const whole = parseShallow(answer);
	if (whole.ok) return fitting(whole.value, faultOf);
	const candidates = findCandidates(answer);
	let reason: string | undefined;
	for (const candidate of candidates.reverse()) {
		const parsed = candidate.isOpen ? unclosed(candidate.text) : parseMended(candidate.text);
		const result = parsed.ok ? fitting(parsed.value, faultOf) : notJson(parsed.reason);
		if (result.ok) return result;
		// A broken value at the end is the answer; what came before it was a draft.
		if (!parsed.ok && looksLikeJson(candidate.text)) return notJson(parsed.reason);
		reason ??= parsed.ok ? result.reason : undefined;
	}
	if (reason !== undefined) return { ok: false, reason };
	const fenced = parseJson(fencedText(answer));
	return fenced.ok ? fitting(fenced.value, faultOf) : notJson(whole.reason);
}

/** What the reason begins with where no value could be read at all. */
export const NOT_JSON = 'it is not valid JSON';

function notJson(reason: string): { ok: false; reason: string } {
	return { ok: false, reason: `${NOT_JSON} (${reason})` };
}

/** A value without a fault. A string that does not fit but is JSON itself was encoded twice. */
function fitting(value: unknown, faultOf: FaultOf): ParseResult {
	const fault = faultOf(value);
	if (fault === undefined) return { ok: true, value };
	const inner = typeof value === 'string' ? parseJson(value) : undefined;
	if (inner?.ok === true && faultOf(inner.value) === undefined) return inner;
	return { ok: false, reason: fault };
}

/** Parses what is not nested too deep: to parse the rest takes more memory and time than it is worth. */
function parseShallow(text: string): ParseResult {
	const start = /^\s*[[{]/.exec(text)?.[0].length ?? 0;
	if (start === 0 || balancedEnd(text, start - 1) !== TOO_DEEP) return parseJson(text);
	return { ok: false, reason: `it is nested deeper than ${MAX_LEVELS} levels` };
}

function parseMended(text: string): ParseResult {
	const parsed = parseJson(text);
	if (parsed.ok) return parsed;
	const mended = parseJson(mendJson(text));
	return mended.ok ? mended : parsed;
}

/** The reason why a value that never closes cannot be read. */
function unclosed(text: string): ParseResult {
	const parsed = parseShallow(text);
	return parsed.ok ? { ok: false, reason: 'it does not end' } : parsed;
}

/** Whether a broken value is one at all, not a bracket in a sentence. */
function looksLikeJson(text: string): boolean {
	return /^(?:\{\s*["}]|\[\s*[[{"])/.test(text.slice(0, 100));
}

/** A piece of an answer that may be a value. */
interface Candidate {
	text: string;
	/** Nothing closes it. */
	isOpen: boolean;
}

/** The objects and lists in a text that are not parts of others, in their order. */
function findCandidates(answer: string): Candidate[] {
	let candidates: Candidate[] = [];
	let position = 0;
	for (;;) {
		const start = nextOpening(answer, position, () => (candidates = []));
		if (start === undefined) return candidates;
		const end = balancedEnd(answer, start);
		if (end !== undefined && end !== TOO_DEEP) {
			candidates.push({ text: answer.slice(start, end), isOpen: false });
			position = end;
			if (candidates.length > 2 * MAX_CANDIDATES) candidates = candidates.slice(-MAX_CANDIDATES);
			continue;
		}
		const open = { text: answer.slice(start), isOpen: true };
		const tag = looksLikeJson(open.text) ? -1 : answer.lastIndexOf(CLOSING_TAG);
		if (tag < start) return [...candidates, open];
		// A stray bracket in the thinking hides nothing after it.
		candidates = [];
		position = tag + CLOSING_TAG.length;
	}
}

/**
 * Where the next object or list begins.
 * @param onThinkingEnd called for the end of thinking: what came before it were drafts
 */
function nextOpening(text: string, from: number, onThinkingEnd: () => void): number | undefined {
	for (let position = from; position < text.length; position++) {
		const code = text.charCodeAt(position);
		if (code === CURLY || code === SQUARE) return position;
		if (code === LESS_THAN && text.startsWith(CLOSING_TAG, position)) onThinkingEnd();
	}
	return undefined;
}

/** In place of an end. */
const TOO_DEEP = -1;

/**
 * Where the object or list that opens at `start` ends; brackets in its strings do not count. TOO_DEEP for one
 * that is nested deeper than any n8n can keep.
 */
export function balancedEnd(text: string, start: number): number | undefined {
	let depth = 0;
	for (let position = start; position < text.length; position++) {
		const code = text.charCodeAt(position);
		if (code === QUOTE) {
			const end = stringEnd(text, position + 1);
			if (end === undefined) return undefined;
			position = end - 1;
		} else if (code === CURLY || code === SQUARE) {
			if (++depth > MAX_LEVELS + 1) return TOO_DEEP;
		} else if (code === CURLY_END || code === SQUARE_END) {
			depth--;
			if (depth === 0) return position + 1;
		}
	}
	return undefined;
}

const FENCE = '```';

/** What stands in the first code fence, such as a number or a string; empty where there is none. */
function fencedText(answer: string): string {
	const start = answer.indexOf(FENCE);
	const end = start < 0 ? -1 : answer.indexOf(FENCE, start + FENCE.length);
	if (end < 0) return '';
	const text = answer.slice(start + FENCE.length, end);
	return text.slice(languageLength(text));
}

/** The name of a language behind a fence's mark: at most so many letters. */
function languageLength(text: string): number {
	const [name = ''] = /^[a-z]{0,20}\s/i.exec(text) ?? [];
	return name.length;
}

const QUOTE_CHARACTER = '"';
const BACKSLASH_CODE = 0x5c;

/**
 * JSON with the two faults mended that can mean only one thing: raw control characters in strings, such as line
 * breaks, and commas after the last entry. Whatever else is broken stays so.
 */
export function mendJson(text: string): string {
	const parts: string[] = [];
	let position = 0;
	while (position < text.length) {
		const start = text.indexOf(QUOTE_CHARACTER, position);
		const outside = start < 0 ? text.slice(position) : text.slice(position, start);
		parts.push(withoutLastCommas(outside));
		if (start < 0) break;
		const end = stringEnd(text, start + 1) ?? text.length;
		parts.push(escapeControls(text.slice(start, end)));
		position = end;
	}
	return parts.join('');
}

/** Where a string ends whose content begins at `start`. By character codes: answers may be 10 MB long. */
export function stringEnd(text: string, start: number): number | undefined {
	for (let position = start; position < text.length; position++) {
		const code = text.charCodeAt(position);
		if (code === QUOTE) return position + 1;
		if (code === BACKSLASH_CODE) position++;
	}
	return undefined;
}

/** Commas are followed by white space at most once each, so that this takes linear time. */
function withoutLastCommas(text: string): string {
	return text.includes(',') ? text.replace(/,\s*(?=[}\]])/g, '') : text;
}

/** Also those above ASCII, which JSON allows. Runs of them: millions of matches take more than linear time. */
const CONTROLS = /\p{Cc}+/gu;

function escapeControls(text: string): string {
	return text.replace(CONTROLS, (run) => JSON.stringify(run).slice(1, -1));
}
