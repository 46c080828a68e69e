import { asObject, asText, type JsonObject, parseJson } from '../decode/json';

const LONGEST = 300;
const PAGE_BEGINNING = 8192;
/** Errors are wrapped in errors, but not without end. */
const DEEPEST = 4;

/** What an error body tells. */
export interface ServiceError {
	/** The service's own words: one line, at most 300 characters. */
	message: string;
	/** The provider's code, such as `insufficient_quota`. */
	code?: string;
	/** The request's field that it complains of. */
	parameter?: string;
}

/** Reads an error body: JSON of the usual shapes (OpenAI, Azure, FastAPI, a list of those), HTML, plain text. */
export function readServiceError(body: string): ServiceError {
	if (isWebPage(body)) return { message: shorten(pageWords(body)) };
	const parsed = parseJson(body);
	if (!parsed.ok) return { message: shorten(body) };
	const source = errorObject(firstOf(parsed.value));
	const { code: given } = source;
	const code =
		typeof given === 'number' ? String(given) : (asText(given) ?? asText(source['type']));
	const parameter = asText(source['param']) ?? fieldOf(source['detail']);
	return {
		message: shorten(errorWords(parsed.value) ?? body),
		...(code === undefined ? {} : { code }),
		...(parameter === undefined ? {} : { parameter }),
	};
}

/** The field that FastAPI names: `{ "detail": [{ "loc": ["body", "stream_options"] }] }`. */
function fieldOf(detail: unknown): string | undefined {
	const { loc, detail: wrapped } = asObject(firstOf(detail)) ?? {};
	const place: unknown = loc ?? asObject(firstOf(wrapped))?.['loc'];
	if (!Array.isArray(place)) return undefined;
	return asText(place.filter((step) => step !== 'body').join('.'));
}

/** At most 300 characters on one line. */
function shorten(words: string): string {
	const line = words.replace(/\s+/g, ' ').trim();
	return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** Whether a body is a web page where data was expected. */
export function isWebPage(body: string): boolean {
	return /^\uFEFF?\s*(<!--[\s\S]*?-->\s*)?<(!doctype html|html|head|body)\b/i.test(body);
}

/** Only the page's beginning: the patterns take quadratic time on pages made to hang them. */
function pageWords(page: string): string {
	const beginning = page.slice(0, PAGE_BEGINNING);
	const title = /<title[^<>]*>([^<]*)/i.exec(beginning)?.[1]?.trim();
	if (title) return title;
	return beginning.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^<>]*>/g, ' ');
}

/** The innermost object that speaks of the error. */
function errorObject(value: unknown): JsonObject {
	const object = asObject(value) ?? {};
	return asObject(object['error']) ?? object;
}

function errorWords(value: unknown, depth = 0): string | undefined {
	const source = firstOf(value);
	const object = asObject(source);
	if (object === undefined) return asText(source);
	if (depth >= DEEPEST) return undefined;
	const { error, message, detail, msg } = object;
	return (
		asText(message) ?? asText(msg) ?? errorWords(error, depth + 1) ?? errorWords(detail, depth + 1)
	);
}

/** Some servers send a list of errors. */
function firstOf(value: unknown): unknown {
	return Array.isArray(value) ? (value[0] as unknown) : value;
}
