import type { ChatOptions, GenerateOptions, ImageDetail } from '../../providers/types';
import { type FieldPlace, readJsonObject } from './fields';
import { choices, type FieldOf, type OptionValues } from './options';

/** How an OpenAI-compatible model answers; what is not set is left to the server. */
export const tuningProperties: Array<FieldOf<ChatOptions>> = [
	{
		displayName: 'Cache System Message',
		name: 'cacheSystemMessage',
		type: 'boolean',
		default: false,
		description: 'Whether to mark the system message for prompt caching',
	},
	{
		displayName: 'Frequency Penalty',
		name: 'frequencyPenalty',
		type: 'number',
		typeOptions: { minValue: -2, maxValue: 2, numberPrecision: 2 },
		default: 0,
		description: 'Penalizes tokens by how often they have appeared',
	},
	{
		displayName: 'Max Tokens',
		name: 'maxTokens',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 1024,
		description: 'Maximum number of tokens to generate',
	},
	{
		displayName: 'Presence Penalty',
		name: 'presencePenalty',
		type: 'number',
		typeOptions: { minValue: -2, maxValue: 2, numberPrecision: 2 },
		default: 0,
		description: 'Penalizes tokens that have appeared',
	},
	{
		displayName: 'Reasoning Effort',
		name: 'reasoningEffort',
		type: 'options',
		default: 'medium',
		options: [
			{ name: 'Extra High', value: 'xhigh' },
			{ name: 'High', value: 'high' },
			{ name: 'Low', value: 'low' },
			{ name: 'Maximum', value: 'max' },
			{ name: 'Medium', value: 'medium' },
			{ name: 'Minimal', value: 'minimal' },
			{ name: 'None', value: 'none' },
		],
		description: 'How much a reasoning model thinks before it answers',
	},
	{
		displayName: 'Seed',
		name: 'seed',
		type: 'number',
		typeOptions: { numberPrecision: 0 },
		default: 0,
		description: 'Makes results repeatable if the model supports it',
	},
	{
		displayName: 'Stop Sequences',
		name: 'stop',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stop Sequence' },
		default: [],
		placeholder: 'e.g. END',
		description: 'Sequences at which the model stops generating',
	},
	{
		displayName: 'Temperature',
		name: 'temperature',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
		default: 0.7,
		description: 'Randomness of the answer: 0 is the most predictable',
	},
	{
		displayName: 'Top P',
		name: 'topP',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
		default: 1,
		description: 'Share of the most likely tokens to choose from',
	},
	{
		displayName: 'Web Search',
		name: 'webSearch',
		type: 'boolean',
		default: true,
		description: 'Whether the model may search the web before it answers',
	},
];

/** Files that go along with the prompt. */
export interface AttachmentFields {
	/** Named after what it took first: saved workflows hold the name. */
	imageFields?: string | string[];
	imageDetail?: ImageDetail;
	missingAttachments?: 'fail' | 'skip';
}

export const attachmentProperties: Array<FieldOf<AttachmentFields>> = [
	{
		displayName: 'Attachments',
		name: 'imageFields',
		type: 'string',
		// An expression may return a list.
		typeOptions: { multipleValues: false },
		default: '*',
		placeholder: 'e.g. data, https://example.com/photo.jpg',
		description:
			'Binary fields and links to images to send, separated by commas, or * for all files of the item',
	},
	{
		displayName: 'Missing Attachments',
		name: 'missingAttachments',
		type: 'options',
		default: 'fail',
		options: choices('Fail', 'Skip'),
		description: 'What to do if a binary field is missing',
	},
];

export const imageDetailProperty: FieldOf<AttachmentFields> = {
	displayName: 'Image Detail',
	name: 'imageDetail',
	type: 'options',
	default: 'auto',
	options: choices('Auto', 'High', 'Low'),
	description: 'How closely the model looks at the images',
};

/** How an Ai-Chats service gets a conversation. */
export const nativeTurnsProperty: FieldOf<GenerateOptions> = {
	displayName: 'Send Turns Separately',
	name: 'nativeTurns',
	type: 'boolean',
	default: false,
	description: 'Whether to send system message and history as separate turns',
};

const MEGABYTE = 1024 * 1024;
const MAX_ANSWER_SIZE_MB = 10;

/** For whatever asks for text. */
export const maxAnswerSizeProperty: FieldOf<GenerateOptions> = {
	displayName: 'Max Answer Size (MB)',
	name: 'maxAnswerSize',
	type: 'number',
	typeOptions: { minValue: 0.001, maxValue: 500, numberPrecision: 3 },
	default: MAX_ANSWER_SIZE_MB,
	description: 'Maximum size of an answer',
};

/** Fields of the request's body that have no field in the editor. */
export const extraBodyProperty: FieldOf<GenerateOptions> = {
	displayName: 'Extra Body',
	name: 'extraBody',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. { "top_k": 20 }',
	description: 'JSON object to merge into the request',
};

/**
 * What a chat request says besides its messages.
 * @throws NodeOperationError for an unusable extra body
 */
export function readGenerateOptions(place: FieldPlace, options: OptionValues): GenerateOptions {
	const { stop = [], ...tuning } = pick<ChatOptions>(options, tuningProperties);
	const { nativeTurns, maxAnswerSize = MAX_ANSWER_SIZE_MB } = options as GenerateOptions;
	return {
		nativeTurns,
		maxAnswerSize: maxAnswerSize * MEGABYTE,
		chat: { ...tuning, stop: stop.filter((sequence) => sequence !== '') },
		extraBody: readExtraBody(place, options),
	};
}

/** @throws NodeOperationError for anything but an object */
export function readExtraBody(place: FieldPlace, { extraBody }: OptionValues) {
	if (extraBody === undefined) return {};
	return readJsonObject(place, extraBodyProperty.displayName, extraBody);
}

/** The options that these fields define. */
export function pick<Values>(
	options: OptionValues,
	fields: ReadonlyArray<FieldOf<Values>>,
): Partial<Values> {
	const present = fields.filter(({ name }) => name in options);
	return Object.fromEntries(present.map(({ name }) => [name, options[name]])) as Partial<Values>;
}
