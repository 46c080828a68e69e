import { createHash, randomUUID } from 'node:crypto';

import type { Directives } from '../directives.mts';
import {
	type Attachment,
	type Conversation,
	type Role,
	shapeFragments,
	shapeText,
	splitIntoWords,
	toConversation,
	type Turn,
} from '../text.mts';
import type { Drawing } from './drawing.mts';
import { chooseToolCalls, structuredText, type ToolCall } from './structured.mts';

const roles: Record<string, Role> = {
	system: 'system',
	developer: 'system',
	user: 'user',
	assistant: 'assistant',
	tool: 'tool',
	function: 'tool',
};

interface Part {
	type?: unknown;
	text?: unknown;
	image_url?: unknown;
	file?: unknown;
	input_audio?: unknown;
}

/** @returns the turns, or the index of the message that is not one. */
export function readMessages(messages: unknown[]): Turn[] | number {
	const turns = messages.map(toTurn);
	const wrong = turns.findIndex((turn) => turn === undefined);
	return wrong >= 0 ? wrong : turns.filter((turn) => turn !== undefined);
}

function toTurn(message: unknown): Turn | undefined {
	if (typeof message !== 'object' || message === null) return undefined;
	const { role, content } = message as { role?: unknown; content?: unknown };
	const known = typeof role === 'string' ? roles[role] : undefined;
	if (!known) return undefined;
	if (!Array.isArray(content)) return { role: known, text: String(content ?? '') };
	const parts = content as Part[];
	const texts = parts.filter((part) => typeof part.text === 'string').map((part) => part.text);
	const attachments = parts.map(toAttachment).filter((attachment) => attachment !== undefined);
	return { role: known, text: texts.join('\n'), attachments };
}

function toAttachment({ type, image_url: image, ...part }: Part): Attachment | undefined {
	if (type === 'file') {
		const { filename, file_data: data } = Object(part.file) as Record<string, unknown>;
		return { ...fileIn(String(data)), name: String(filename) };
	}
	if (type === 'input_audio') {
		const { data, format } = Object(part.input_audio) as Record<string, unknown>;
		return fileIn(`data:audio/${String(format)};base64,${String(data)}`);
	}
	if (type !== 'image_url') return undefined;
	const url = typeof image === 'string' ? image : String((image as { url?: unknown })?.url);
	const [, mediaType, data] = dataUrl.exec(url) ?? [];
	if (mediaType === undefined) return { mediaType: 'linked image', bytes: 0 };
	return { mediaType, bytes: Buffer.byteLength(data ?? '', 'base64') };
}

const dataUrl = /^data:([^;,]+);base64,(.*)$/s;

function fileIn(url: string): Attachment {
	const [, mediaType = 'unreadable file', data = ''] = dataUrl.exec(url) ?? [];
	const bytes = Buffer.from(data, 'base64');
	return { mediaType, bytes: bytes.length, hash: createHash('sha256').update(bytes).digest('hex') };
}

/** Cuts the text before the first stop sequence. */
export function stopAt(text: string, stop: unknown): string {
	const sequences = (Array.isArray(stop) ? stop : [stop]).filter(
		(sequence): sequence is string => typeof sequence === 'string' && sequence !== '',
	);
	const ends = sequences.map((sequence) => text.indexOf(sequence)).filter((index) => index >= 0);
	return ends.length ? text.slice(0, Math.min(...ends)) : text;
}

/** At most `limit` fragments: a fragment passes for a token here. */
export function limitWords(
	fragments: string[],
	limit: unknown,
): { fragments: string[]; isCut: boolean } {
	if (typeof limit !== 'number' || fragments.length <= limit) return { fragments, isCut: false };
	return { fragments: fragments.slice(0, limit), isCut: true };
}

export interface Usage {
	prompt_tokens: number;
	completion_tokens: number;
	total_tokens: number;
	prompt_tokens_details: { cached_tokens: number; cache_write_tokens?: number };
	completion_tokens_details: { reasoning_tokens: number };
	/** In US dollars, as OpenRouter tells it. */
	cost?: number;
}

/** A rule of thumb, so that a test can predict the numbers. */
export function countTokens(text: string): number {
	return Math.ceil(text.length / 4);
}

export function countUsage(input: string, output: string, reasoning: string): Usage {
	const promptTokens = countTokens(input);
	const reasoningTokens = countTokens(reasoning);
	const completionTokens = countTokens(output) + reasoningTokens;
	return {
		prompt_tokens: promptTokens,
		completion_tokens: completionTokens,
		total_tokens: promptTokens + completionTokens,
		prompt_tokens_details: { cached_tokens: 0 },
		completion_tokens_details: { reasoning_tokens: reasoningTokens },
	};
}

/** The usage that a directive asks for. */
export function givenUsage(directives: Directives): Usage | undefined {
	const [input, output, cost] = ['input', 'output', 'cost'].map((key) =>
		directives.number('usage', key),
	);
	if (input === undefined || output === undefined) return undefined;
	return {
		prompt_tokens: input,
		completion_tokens: output,
		total_tokens: input + output,
		prompt_tokens_details: { cached_tokens: 0 },
		completion_tokens_details: { reasoning_tokens: 0 },
		...(cost === undefined ? {} : { cost }),
	};
}

type JsonObject = Record<string, unknown>;

/** A chat answer before it is written as one document or as chunks. */
export interface Completion {
	id: string;
	/** Seconds since the epoch. */
	created: number;
	model: string;
	reasoning: string[];
	/** Fragments of the text, or of the refusal when `refuses`. */
	fragments: string[];
	refuses: boolean;
	toolCalls: ToolCall[];
	/** Where the answer's claims come from, where the web may be searched. */
	annotations: JsonObject[];
	/** Links of the images that come beside the text. */
	images: string[];
	finishReason: string;
	usage: Usage;
}

/** @param turns without directives */
export function completeChat(
	body: JsonObject,
	turns: Turn[],
	directives: Directives,
	drawing: Drawing = { links: [], text: '' },
): Completion {
	const id = `chatcmpl-${randomUUID()}`;
	const conversation = toConversation(turns);
	const toolCalls = conversation.toolResults.length
		? []
		: chooseToolCalls(body, conversation.prompt, id);
	const refuses = directives.has('refusal');
	const answer = toolCalls.length ? noText : answerFragments(body, conversation, directives);
	const reasoning = reasoningFragments(body, conversation.prompt);
	const finishReason = toolCalls.length ? 'tool_calls' : answer.isCut ? 'length' : 'stop';
	const input = turns.map(({ text }) => text).join('');
	const output = answer.fragments.join('') + toolCalls.map(argumentsOf).join('');
	return {
		id,
		created: Math.floor(Date.now() / 1000),
		model: String(body['model']),
		reasoning,
		fragments: refuses
			? splitIntoWords("I'm sorry, I cannot help with that.")
			: [...answer.fragments, ...(drawing.text === '' ? [] : [drawing.text])],
		refuses,
		toolCalls: refuses ? [] : toolCalls,
		images: drawing.links,
		annotations: annotationsOf(body),
		finishReason: directives.text('finish', 'reason') ?? (refuses ? 'stop' : finishReason),
		usage: givenUsage(directives) ?? countUsage(input, output, reasoning.join('')),
	};
}

/** OpenAI's and OpenRouter's ways to ask for a search of the web. */
function annotationsOf({ web_search_options: options, plugins, tools }: JsonObject): JsonObject[] {
	const offered = [plugins, tools].flatMap((list) =>
		Array.isArray(list) ? (list as JsonObject[]) : [],
	);
	const searches = offered.some(({ id, type }) => id === 'web' || type === 'web_search');
	if (options === undefined && !searches) return [];
	const citation = { url: 'https://example.com/kites', title: 'Kites' };
	return [{ type: 'url_citation', url_citation: citation }];
}

const noText = { fragments: [] as string[], isCut: false };

function answerFragments(body: JsonObject, conversation: Conversation, directives: Directives) {
	const structured = structuredText(body['response_format'], subjectOf(conversation), directives);
	const text = stopAt(structured ?? shapeText(conversation, directives), body['stop']);
	const limit = body['max_completion_tokens'] ?? body['max_tokens'];
	return limitWords(shapeFragments(text, directives), limit);
}

/** What a JSON answer is about: images, where some came along. */
function subjectOf({ prompt, attachments }: Conversation): string {
	const seen = attachments.map(({ mediaType, bytes }) => `${mediaType} of ${bytes} bytes`);
	return seen.length ? seen.join(' and ') : prompt;
}

function reasoningFragments(body: JsonObject, prompt: string): string[] {
	const effort = body['reasoning_effort'];
	if (typeof effort !== 'string' || effort === 'none') return [];
	return splitIntoWords(`With ${effort} effort: the question is "${prompt}", so it is said back.`);
}

function argumentsOf(call: ToolCall): string {
	return call.function.arguments;
}
