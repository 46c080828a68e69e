import type { INodeProperties } from 'n8n-workflow';

/** How fast many items are worked through. */
export const batchProperties: INodeProperties[] = [
	{
		displayName: 'Delay Between Requests (Ms)',
		name: 'delayBetweenRequests',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Shortest time between the starts of two items',
	},
	{
		displayName: 'Requests in Parallel',
		name: 'parallelRequests',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100 },
		default: 5,
		description:
			'How many items are worked on at once. Their order stays. With a memory it is one, unless set here.',
	},
	{
		displayName: 'Requests per Minute',
		name: 'requestsPerMinute',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'How many items to start within a minute at most. 0 means no limit.',
	},
];

/** The fields as users set them. */
export interface BatchFields {
	delayBetweenRequests?: number;
	parallelRequests?: number;
	requestsPerMinute?: number;
}

/** How many items are worked on at once unless the user says otherwise. */
export const PARALLEL_REQUESTS = 5;
