import type { FieldOf } from '../../shared/options';

/** How fast many items are processed: read once for all items of a run. */
export interface BatchSettings {
	/** In ms. */
	delayBetweenRequests?: number;
	parallelRequests?: number;
	/** 0 means no limit. */
	requestsPerMinute?: number;
	warmUp?: boolean;
}

/** How many items are processed at the same time unless the user says otherwise. */
export const PARALLEL_REQUESTS = 5;

export const batchProperties: Array<FieldOf<BatchSettings>> = [
	{
		displayName: 'Delay Between Requests (Ms)',
		name: 'delayBetweenRequests',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 3_600_000, numberPrecision: 1 },
		default: 0,
		description: 'Minimum delay between starting two items',
	},
	{
		displayName: 'Requests in Parallel',
		name: 'parallelRequests',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
		default: PARALLEL_REQUESTS,
		description: 'Maximum number of items to process at the same time',
	},
	{
		displayName: 'Requests per Minute',
		name: 'requestsPerMinute',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100_000, numberPrecision: 0 },
		default: 0,
		description: 'Maximum number of items to start per minute. 0 means no limit.',
	},
];

/** For prompts that begin alike. */
export const warmUpProperty: FieldOf<BatchSettings> = {
	displayName: 'Let the First Item Warm Up',
	name: 'warmUp',
	type: 'boolean',
	default: false,
	description:
		'Whether the other items wait for the first answer to begin, so that they use the prompt cache',
};

/** What answers are good for besides their own item: read once for all items of a run. */
export interface AnswerSettings {
	answerRepeatsOnce?: boolean;
	keepAnswers?: boolean;
}

export const answerProperties: Array<FieldOf<AnswerSettings>> = [
	{
		displayName: 'Answer Repeated Rows Once',
		name: 'answerRepeatsOnce',
		type: 'boolean',
		default: false,
		description: 'Whether to send identical requests of a run only once',
	},
	{
		displayName: 'Keep Answers for a Retry',
		name: 'keepAnswers',
		type: 'boolean',
		default: true,
		description: 'Whether a retry of a failed run requests only the missing answers',
	},
];
