import type { INodeProperties } from 'n8n-workflow';

import type { ChatOptions, GenerateOptions } from '../../providers/types';
import { type FieldPlace, readJsonObject } from './fields';

/** How an OpenAI-compatible model answers; what is not set is left to the server. */
export const tuningProperties: INodeProperties[] = [
	{
		displayName: 'Frequency Penalty',
		name: 'frequencyPenalty',
		type: 'number',
		typeOptions: { minValue: -2, maxValue: 2, numberPrecision: 2 },
		default: 0,
		description: 'How much to avoid words the more often they have occurred',
	},
	{
		displayName: 'Max Tokens',
		name: 'maxTokens',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1024,
		description: 'Most tokens of the answer',
	},
	{
		displayName: 'Presence Penalty',
		name: 'presencePenalty',
		type: 'number',
		typeOptions: { minValue: -2, maxValue: 2, numberPrecision: 2 },
		default: 0,
		description: 'How much to avoid words that have occurred at all',
	},
	{
		displayName: 'Reasoning Effort',
		name: 'reasoningEffort',
		type: 'options',
		default: 'medium',
		options: [
			{ name: 'High', value: 'high' },
			{ name: 'Low', value: 'low' },
			{ name: 'Medium', value: 'medium' },
			{ name: 'Minimal', value: 'minimal' },
			{ name: 'None', value: 'none' },
		],
		description: 'How long a reasoning model thinks before it answers',
	},
	{
		displayName: 'Seed',
		name: 'seed',
		type: 'number',
		default: 0,
		description: 'Number that makes answers repeatable where the server supports it',
	},
	{
		displayName: 'Stop Sequences',
		name: 'stop',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stop Sequence' },
		default: [],
		placeholder: 'e.g. END',
		description: 'Texts at which the model stops',
	},
	{
		displayName: 'Temperature',
		name: 'temperature',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
		default: 0.7,
		description: 'How freely the model chooses its words: 0 is the most predictable',
	},
	{
		displayName: 'Top P',
		name: 'topP',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
		default: 1,
		description: 'Share of the most likely words that the model chooses from',
	},
];

/** How an Ai-Chats service gets a conversation. */
export const nativeTurnsProperty: INodeProperties = {
	displayName: 'Send Turns Separately',
	name: 'nativeTurns',
	type: 'boolean',
	default: false,
	description:
		'Whether to send the system message and the history turn by turn instead of folded into one message. Works only with services that keep turns apart.',
};

/** The fields of 'Options' that ask for text, as the user set them. */
export interface ChatFields extends Omit<ChatOptions, 'responseFormat' | 'stop' | 'tools'> {
	stop?: string[];
	nativeTurns?: boolean;
	/** In MB. */
	maxAnswerSize?: number;
	extraBody?: unknown;
}

const MEGABYTE = 1024 * 1024;
const MAX_ANSWER_SIZE = 10;

/** What a chat request says besides its messages. @throws NodeOperationError for a broken extra body */
export function readGenerateOptions(place: FieldPlace, fields: ChatFields): GenerateOptions {
	const { nativeTurns, extraBody, maxAnswerSize = MAX_ANSWER_SIZE, stop = [], ...tuning } = fields;
	return {
		nativeTurns,
		maxAnswerSize: maxAnswerSize * MEGABYTE,
		chat: { ...tuning, stop: stop.filter((sequence) => sequence !== '') },
		extraBody: extraBody === undefined ? {} : readJsonObject(place, 'Extra Body', extraBody),
	};
}
