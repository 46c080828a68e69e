import type { INodeParameters } from 'n8n-workflow';

import type { OnError } from './accounts.mts';

/** What one kind of chaos run asks for, and which faults it meets. */
export interface Plan {
	provider: 'aiChats' | 'openAiCompatible';
	operation: 'chat' | 'image';
	model: string;
	onError: OnError;
	faults: string[];
}

/** Before an answer begins, or in place of one: both protocols, both operations. */
const BEFORE_AN_ANSWER = [
	'status code=429 retry-after-ms=20',
	'status code=503',
	'status code=502 body=html',
	'status code=500',
	'reset',
	'stall',
	'checking',
	'broken-json',
	'status code=200 body=text',
	'latency ms=150',
];

const IN_A_TEXT = [
	'reset-after fragments=3',
	'cut after=3',
	'stall-after fragments=2',
	'pace ms=2',
	'drip bytes=7',
];

const IN_A_JSON = ['reset-after', 'cut', 'stall-after', 'no-url', 'no-data', 'error-200'];

/** Of the GET that fetches an image. */
const OF_AN_IMAGE = [
	'status code=503 retry-after-ms=20 on=image times=1',
	'status code=503 retry-after-ms=20 on=image',
	'reset on=image times=1',
	'reset-after on=image',
	'cut on=image',
	'stall on=image',
	'latency ms=150 on=image',
	'wrong-type',
	'svg',
	'expired',
	'no-image',
	'mislabelled',
];

export const PLANS: Plan[] = [
	{
		provider: 'aiChats',
		operation: 'chat',
		model: 'gpt-4',
		onError: 'continueErrorOutput',
		faults: [...BEFORE_AN_ANSWER, ...IN_A_TEXT, 'trylimit after=2', 'gzip'],
	},
	{
		provider: 'openAiCompatible',
		operation: 'chat',
		model: 'gpt-4o-mini',
		onError: 'continueRegularOutput',
		faults: [
			...BEFORE_AN_ANSWER,
			...IN_A_TEXT,
			...['error-in-stream after=2', 'bad-chunk after=2', 'no-finish', 'no-done', 'gzip'],
		],
	},
	{
		provider: 'aiChats',
		operation: 'image',
		model: 'dalle',
		onError: 'continueRegularOutput',
		faults: [...BEFORE_AN_ANSWER, ...IN_A_JSON, ...OF_AN_IMAGE],
	},
	{
		provider: 'openAiCompatible',
		operation: 'image',
		// Every second item gets its image within the answer, the others behind a link.
		model: '={{ $json.inline ? "gpt-image-1" : "dall-e-2" }}',
		onError: 'continueErrorOutput',
		faults: [...BEFORE_AN_ANSWER, ...IN_A_JSON, ...OF_AN_IMAGE],
	},
];

/** Patience in seconds: short, so that stalled requests do not make the run long. */
const PATIENCE = { firstByteTimeout: 1, idleTimeout: 1, timeout: 10, maxRetryDelay: 0.1 };

/** The node's parameters; the prompt comes with each item. */
export function parametersOf({ provider, operation, model }: Plan): INodeParameters {
	return {
		provider,
		operation,
		prompt: '={{ $json.prompt }}',
		model: { __rl: true, mode: 'id', value: model },
		options: { parallelRequests: 20, ...PATIENCE },
		...(operation === 'chat' ? { simplify: false } : {}),
	};
}
