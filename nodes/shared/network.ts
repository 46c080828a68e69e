import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../transport/RetryingTransport';
import { DEFAULT_TIME_LIMITS, type TimeLimits } from '../../transport/TimedTransport';
import type { FieldOf } from './options';

/** How patient requests are, as users set it; what is not set has the default of its field. */
export interface NetworkFields {
	/** The time limits and the delay are in seconds. */
	firstByteTimeout?: number;
	maxRetryDelay?: number;
	maxRetries?: number;
	idleTimeout?: number;
	retryUnanswered?: boolean;
	timeout?: number;
}

/** A timer of JavaScript holds 24.8 days at most; nobody waits a day for an answer. */
const SECONDS_OF_A_DAY = 86_400;
const TIME_LIMIT = { minValue: 0.1, maxValue: SECONDS_OF_A_DAY, numberPrecision: 1 };

/** For whatever asks a model. */
export const timeLimitProperties: Array<FieldOf<NetworkFields>> = [
	{
		displayName: 'First Byte Timeout (Seconds)',
		name: 'firstByteTimeout',
		type: 'number',
		typeOptions: TIME_LIMIT,
		default: 300,
		description: 'Maximum time to wait for a response to start',
	},
	{
		displayName: 'Idle Timeout (Seconds)',
		name: 'idleTimeout',
		type: 'number',
		typeOptions: TIME_LIMIT,
		default: 60,
		description: 'Maximum gap between two parts of an answer',
	},
	{
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: TIME_LIMIT,
		default: 600,
		description: 'Maximum duration of a request in total',
	},
];

/** For every node that sends requests. */
export const networkProperties: Array<FieldOf<NetworkFields>> = [
	...timeLimitProperties,
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
		default: 2,
		description:
			'How many times to retry without connection or after status 408, 502, 503, 504 or 529 (500 and 520 to 524 only once)',
	},
	{
		displayName: 'Max Retry Delay (Seconds)',
		name: 'maxRetryDelay',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: SECONDS_OF_A_DAY, numberPrecision: 1 },
		default: 60,
		description: 'Maximum delay before a retry; if the service asks for more, the item fails',
	},
];

/** For image requests, which are expensive. */
export const retryUnansweredProperty: FieldOf<NetworkFields> = {
	displayName: 'Retry Unanswered Image Requests',
	name: 'retryUnanswered',
	type: 'boolean',
	default: false,
	description:
		'Whether to repeat image requests that were sent but not answered: they may be charged for twice',
};

/** How patient requests are, in ms. */
export interface NetworkSettings {
	limits: TimeLimits;
	retry: RetryPolicy;
}

/** From seconds, as users set them; what is not set has its default. */
export function networkSettings(fields: NetworkFields): NetworkSettings {
	return {
		limits: {
			total: milliseconds(fields.timeout, DEFAULT_TIME_LIMITS.total),
			firstByte: milliseconds(fields.firstByteTimeout, DEFAULT_TIME_LIMITS.firstByte),
			idle: milliseconds(fields.idleTimeout, DEFAULT_TIME_LIMITS.idle),
		},
		retry: {
			retries: fields.maxRetries ?? DEFAULT_RETRY_POLICY.retries,
			maxDelay: milliseconds(fields.maxRetryDelay, DEFAULT_RETRY_POLICY.maxDelay),
			repeatsCostly: fields.retryUnanswered === true,
		},
	};
}

function milliseconds(seconds: number | undefined, fallback: number): number {
	return seconds === undefined ? fallback : Math.ceil(seconds * 1000);
}
