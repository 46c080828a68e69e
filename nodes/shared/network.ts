import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../transport/RetryingTransport';
import { DEFAULT_TIME_LIMITS, type TimeLimits } from '../../transport/TimedTransport';

/** How patient requests are: for every node that sends some. */
export const networkProperties: INodeProperties[] = [
	{
		displayName: 'First Byte Timeout (Seconds)',
		name: 'firstByteTimeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 300,
		description: 'How long to wait until an answer begins',
	},
	{
		displayName: 'Max Answer Size (MB)',
		name: 'maxAnswerSize',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 10,
		description: 'Most text to accept for one item',
	},
	{
		displayName: 'Max Retry Delay (Seconds)',
		name: 'maxRetryDelay',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 60,
		description:
			'Longest pause before a retry. If a service asks for a longer one, the item fails instead.',
	},
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10 },
		default: 2,
		description:
			'How often to repeat a request that the service could not answer (status 408, 429, 502, 503, 504 or 529, or no connection; status 500 and 520 to 524 only once)',
	},
	{
		displayName: 'Idle Timeout (Seconds)',
		name: 'idleTimeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		description: 'How long an answer may pause',
	},
	{
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 600,
		description: 'How long a request may take in all',
	},
];

/** For image requests, which are expensive. */
export const retryUnansweredProperty: INodeProperties = {
	displayName: 'Retry Unanswered Image Requests',
	name: 'retryUnanswered',
	type: 'boolean',
	default: false,
	description:
		'Whether to repeat an image request that was sent but not answered (connection lost, status 408, 500, 502, 504 or 520 to 524). The service may then generate and charge for the image twice.',
};

/** The fields as users set them; what is not set has the default above. */
export interface NetworkFields {
	firstByteTimeout?: number;
	maxAnswerSize?: number;
	maxRetryDelay?: number;
	maxRetries?: number;
	idleTimeout?: number;
	retryUnanswered?: boolean;
	timeout?: number;
}

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

function milliseconds(seconds: number | undefined, standard: number): number {
	return seconds === undefined ? standard : Math.ceil(seconds * 1000);
}
