import type { Directives } from '../directives/directive.mts';

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
