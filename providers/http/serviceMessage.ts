import { asObject, asText, type JsonObject, parseJson } from '../decode/json';

/** What an error body says. */
export interface ServiceError {
	/** The service's own message, on one line; all of the body where no shape is known. */
	message: string;
	/** The provider's code, such as `insufficient_quota`. */
	code?: string | undefined;
	/** The HTTP status that the body names, whatever the status of the answer. */
	status?: number | undefined;
	/** The request's field that it complains of, such as `messages.0.content`. */
	parameter?: string | undefined;
	/** The text that a model wrote and its server rejected as unparsable (Groq's `failed_generation`). */
	failedGeneration?: string | undefined;
	/** The parsed body; undefined where it is not JSON. */
	body?: unknown;
}

/** Longer bodies are quoted, not read, and of a message so much is looked at. In UTF-16 code units. */
const MAX_BODY_LENGTH = 1024 * 1024;
const MAX_MESSAGE_LENGTH = 64 * 1024;
/** Errors are wrapped in errors, but not without end. */
const MAX_DEPTH = 6;
/** So many of a list of errors are quoted. */
const MAX_QUOTED = 3;

/**
 * Reads an error body: JSON of the shapes that servers use (OpenAI, Azure, FastAPI, Mistral, Cloudflare,
 * MiniMax, OpenRouter, problem details of RFC 9457, lists of these, JSON within text), HTML, plain text.
 */
export function readServiceError(text: string): ServiceError {
	if (isWebPage(text)) return { message: onOneLine(pageText(text)) };
	const parsed = text.length > MAX_BODY_LENGTH ? undefined : parseJson(text.trim());
	if (parsed?.ok !== true) return { message: onOneLine(text) };
	const body = parsed.value;
	const source = innermost(body);
	const failed = source['failed_generation'];
	return {
		message: onOneLine(messageOf(body) ?? text),
		code: codeOf(source),
		status: statusOf(source),
		parameter: parameterOf(source),
		failedGeneration: asText(failed) ?? (asObject(failed) && JSON.stringify(failed)),
		body,
	};
}

function onOneLine(text: string): string {
	return text.slice(0, MAX_MESSAGE_LENGTH).replace(/\s+/g, ' ').trim();
}

/** Names under which a message is kept, the telling ones first. */
const MESSAGE_FIELDS = [
	'message',
	'msg',
	'Message',
	'error_msg',
	'error_message',
	'status_msg',
	'error',
	'base_resp',
	'detail',
	'errors',
	'error_description',
	'title',
] as const;

function messageOf(value: unknown, depth = 0): string | undefined {
	if (depth > MAX_DEPTH) return undefined;
	if (typeof value === 'string') return messageInText(value, depth);
	if (Array.isArray(value)) {
		const messages = value.slice(0, MAX_QUOTED).map((entry) => messageOf(entry, depth + 1));
		return asText(messages.filter((message) => message !== undefined).join('; '));
	}
	const object = asObject(value);
	if (object === undefined) return undefined;
	for (const field of MESSAGE_FIELDS) {
		const message = messageOf(object[field], depth + 1);
		if (message !== undefined) return withUpstream(message, object, depth);
	}
	return undefined;
}

/** Gateways put the JSON of the server behind them into a text. */
function messageInText(text: string, depth: number): string | undefined {
	if (text.trim() === '') return undefined;
	const parsed = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
	return parsed?.ok === true ? (messageOf(parsed.value, depth + 1) ?? text) : text;
}

/** OpenRouter says "Provider returned error", and in `metadata` who that is and what it said. */
function withUpstream(message: string, object: JsonObject, depth: number): string {
	const { raw, provider_name: name } = asObject(object['metadata']) ?? {};
	const reason = messageOf(raw, depth + 1);
	if (reason === undefined || reason === message) return message;
	return `${message}${asText(name) === undefined ? '' : ` (${asText(name)})`}: ${reason}`;
}

/** The object that speaks of the error itself. */
function innermost(value: unknown, depth = 0): JsonObject {
	const object = asObject(firstOf(value)) ?? {};
	const inner = [object['error'], object['errors'], object['base_resp'], object['message']]
		.map(firstOf)
		.find((candidate) => asObject(candidate) !== undefined);
	return inner === undefined || depth >= MAX_DEPTH ? object : innermost(inner, depth + 1);
}

function firstOf(value: unknown): unknown {
	return Array.isArray(value) ? (value[0] as unknown) : value;
}

/** The most telling name of the error. A number that only repeats the status is none. */
function codeOf(source: JsonObject): string | undefined {
	const { code, error_code: errorCode, status_code: statusCode, type, status } = source;
	const named = [code, errorCode, statusCode].find((given) => asCode(given) !== undefined);
	const number = asCode(named);
	if (number === undefined || isStatus(Number(number))) {
		return asText(type) ?? asText(status) ?? number;
	}
	return number;
}

function asCode(value: unknown): string | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? String(value) : asText(value);
}

function statusOf(source: JsonObject): number | undefined {
	const { code, status, http_status_code: httpStatus, statusCode } = source;
	return [code, httpStatus, statusCode, status].map(Number).find(isStatus);
}

function isStatus(code: number): boolean {
	return Number.isInteger(code) && code >= 400 && code <= 599;
}

/** `param`, or the place that FastAPI names: `{ "detail": [{ "loc": ["body", "stream_options"] }] }`. */
function parameterOf({ param, detail }: JsonObject): string | undefined {
	const { loc, detail: wrapped } = asObject(firstOf(detail)) ?? {};
	const place: unknown = loc ?? asObject(firstOf(wrapped))?.['loc'];
	const path = Array.isArray(place) ? place.filter((step) => step !== 'body').join('.') : '';
	return asText(param) ?? asText(path);
}

/** Whether a body is a web page where data was expected. */
export function isWebPage(body: string): boolean {
	return /^\uFEFF?\s*(<!--[\s\S]*?-->\s*)?<(!doctype html|html|head|body)\b/i.test(body);
}

/** In UTF-16 code units. */
const PAGE_BEGINNING = 8192;

/** Tags that stand within words. */
const INLINE = /<\/?(a|b|code|em|i|mark|small|span|strong|u|wbr)\b[^<>]*>/gi;

/** Only the page's beginning: the patterns take quadratic time on pages made to hang them. */
function pageText(page: string): string {
	const beginning = page.slice(0, PAGE_BEGINNING);
	const title = /<title[^<>]*>([^<]*)/i.exec(beginning)?.[1]?.trim();
	if (title) return title;
	return beginning
		.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
		.replace(INLINE, '')
		.replace(/<[^<>]*>/g, ' ');
}
