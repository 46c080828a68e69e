import type { Directives } from '../directives.mts';
import { type OpenAiError, openAiError } from '../openai/errors.mts';

type JsonObject = Record<string, unknown>;

/** A fault in the JSON of an otherwise good answer. */
export interface AnswerFault {
	usage: string;
	explanation: string;
	/** Gives the altered answer; a string is sent as it is. */
	alter(answer: JsonObject): JsonObject | string;
}

function without(answer: JsonObject, ...keys: string[]): JsonObject {
	return Object.fromEntries(Object.entries(answer).filter(([key]) => !keys.includes(key)));
}

const serverError = { message: 'The server is overloaded.', type: 'server_error', code: null };

export const answerFaults: Record<string, AnswerFault> = {
	'no-data': {
		usage: 'no-data',
		explanation: 'an image answer without `data`',
		alter: (answer) => without(answer, 'data'),
	},
	'empty-array': {
		usage: 'empty-array',
		explanation: 'an image answer with an empty `data` list',
		alter: (answer) => ({ ...answer, data: [] }),
	},
	'no-url': {
		usage: 'no-url',
		explanation: 'an image answer whose entries name no image',
		alter: (answer) => ({ ...answer, data: [{ note: 'the image is being made' }] }),
	},
	'broken-json': {
		usage: 'broken-json',
		explanation: 'a JSON answer that breaks off in the middle, with a matching length',
		alter: (answer) => JSON.stringify(answer).slice(0, -12),
	},
	'error-200': {
		usage: 'error-200',
		explanation: 'status 200 with an error object',
		alter: () => ({ error: serverError }),
	},
	'array-error': {
		usage: 'array-error',
		explanation: 'status 200 with a list that holds an error object',
		alter: () => JSON.stringify([{ error: serverError }]),
	},
	'no-choices': {
		usage: 'no-choices',
		explanation: 'OpenAI: an answer without `choices`',
		alter: (answer) => without(answer, 'choices'),
	},
	'empty-choices': {
		usage: 'empty-choices',
		explanation: 'OpenAI: an answer with an empty `choices` list',
		alter: (answer) => ({ ...answer, choices: [] }),
	},
	'no-usage': {
		usage: 'no-usage',
		explanation: 'OpenAI: an answer without `usage`',
		alter: (answer) => without(answer, 'usage'),
	},
};

export function alterAnswer(directives: Directives, answer: JsonObject): JsonObject | string {
	const found = directives.firstIn(answerFaults);
	return found ? found.entry.alter(answer) : answer;
}

/** What some OpenAI-compatible servers do differently from OpenAI. */
export interface ServerHabit {
	usage: string;
	explanation: string;
	/** The request field that the server answers with 400. */
	refuses?: string;
}

function refusal(field: string): ServerHabit {
	const name = `refuse-${field.replaceAll('_', '-')}`;
	return { usage: name, explanation: `OpenAI: 400 when \`${field}\` is sent`, refuses: field };
}

export const serverHabits: Record<string, ServerHabit> = {
	'refuse-stream': refusal('stream'),
	'refuse-stream-options': refusal('stream_options'),
	'refuse-max-completion-tokens': refusal('max_completion_tokens'),
	'refuse-max-tokens': refusal('max_tokens'),
	'refuse-response-format': refusal('response_format'),
	'refuse-cache-control': refusal('cache_control'),
	'refuse-seed': refusal('seed'),
	'ignore-response-format': {
		usage: 'ignore-response-format style=fence|broken',
		explanation: 'OpenAI: JSON in a markdown fence after a preamble, or broken JSON',
	},
	'refuse-part': {
		usage: 'refuse-part type=file|input_audio|image_url',
		explanation: 'OpenAI: 400 when a message has a part of this type',
	},
	'no-models': { usage: 'no-models', explanation: 'OpenAI: no /models route (404)' },
};

/** The mark for the prompt cache stands within a message. */
function isMark(field: string, { messages }: Record<string, unknown>): boolean {
	return field === 'cache_control' && markedText(messages) !== undefined;
}

/** The text that is to be cached, if there is one. */
export function markedText(messages: unknown): string | undefined {
	const parts = (Array.isArray(messages) ? messages : []).flatMap(
		(message: { content?: unknown }) => message.content,
	) as Array<{ text?: string; cache_control?: unknown }>;
	return parts.find((part) => part?.cache_control)?.text;
}

/** The error for the first refused field that the request has, if any. */
export function refusedField(
	directives: Directives,
	body: Record<string, unknown>,
): OpenAiError | undefined {
	for (const { name } of directives.list) {
		const field = serverHabits[name]?.refuses;
		if (name === 'refuse-part') {
			const type = directives.text(name, 'type') ?? '';
			if (!JSON.stringify(body['messages']).includes(`"type":"${type}"`)) continue;
			const message = `Invalid value: '${type}'. Supported values are: 'text'.`;
			return openAiError(message, 'invalid_request_error', 'invalid_value', 'messages[0].content');
		}
		if (!field || !(body[field] ?? isMark(field, body))) continue;
		const message = `Unsupported parameter: '${field}' is not supported with this model.`;
		return openAiError(message, 'invalid_request_error', 'unsupported_parameter', field);
	}
	return undefined;
}

/** How the payloads of a stream are written. */
export interface StreamFormat {
	lineEnd: string;
	byteOrderMark: boolean;
	comments: boolean;
	fields: boolean;
	emptyData: boolean;
	doneMarker: boolean;
	spaceAfterColon: boolean;
	splitLineBreaks: boolean;
	endless: boolean;
	gzip: boolean;
}

export interface StreamQuirk {
	usage: string;
	explanation: string;
	format: Partial<StreamFormat>;
}

export const plainFormat: StreamFormat = {
	lineEnd: '\n',
	byteOrderMark: false,
	comments: false,
	fields: false,
	emptyData: false,
	doneMarker: false,
	spaceAfterColon: true,
	splitLineBreaks: false,
	endless: false,
	gzip: false,
};

function quirk(usage: string, explanation: string, format: Partial<StreamFormat>): StreamQuirk {
	return { usage, explanation, format };
}

export const streamQuirks: Record<string, StreamQuirk> = {
	crlf: quirk('crlf', 'lines of a stream end with CR LF', { lineEnd: '\r\n' }),
	cr: quirk('cr', 'lines of a stream end with CR alone', { lineEnd: '\r' }),
	bom: quirk('bom', 'the stream begins with a byte order mark', { byteOrderMark: true }),
	comments: quirk('comments', 'comment lines (`: ping`) between the events', { comments: true }),
	fields: quirk('fields', 'event, id and retry lines in the events', { fields: true }),
	'empty-data': quirk('empty-data', 'events with an empty data line between', { emptyData: true }),
	done: quirk('done', 'Ai-Chats: `data: [DONE]` at the end, as gateways send', {
		doneMarker: true,
	}),
	'no-space': quirk(
		'no-space',
		'no space after `data:` where the payload does not begin with one',
		{
			spaceAfterColon: false,
		},
	),
	'split-newline': quirk('split-newline', 'Ai-Chats: backslash and n in two fragments', {
		splitLineBreaks: true,
	}),
	endless: quirk('endless', 'the fragments of the answer over again, for ever', { endless: true }),
	gzip: quirk('gzip', 'the body is compressed (content-encoding: gzip)', { gzip: true }),
};
