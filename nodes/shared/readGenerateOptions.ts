import type { ChatOptions, GenerateOptions } from '../../providers/options';
import { type FieldPlace, readJsonObject } from './readJson';

/** The fields of 'Options' that ask for text, as the user set them. */
export interface ChatFields extends Omit<ChatOptions, 'responseFormat' | 'stop' | 'tools'> {
	stop?: string[];
	nativeTurns?: boolean;
	/** In MB. */
	largestAnswer?: number;
	extraBody?: unknown;
}

const MEGABYTE = 1024 * 1024;
const LARGEST_ANSWER = 10;

/** What a chat request says besides its messages. @throws NodeOperationError for a broken extra body */
export function readGenerateOptions(place: FieldPlace, fields: ChatFields): GenerateOptions {
	const { nativeTurns, extraBody, largestAnswer = LARGEST_ANSWER, stop = [], ...tuning } = fields;
	return {
		nativeTurns,
		largestAnswer: largestAnswer * MEGABYTE,
		chat: { ...tuning, stop: stop.filter((sequence) => sequence !== '') },
		extraBody: extraBody === undefined ? {} : readJsonObject(place, 'Extra Body', extraBody),
	};
}
