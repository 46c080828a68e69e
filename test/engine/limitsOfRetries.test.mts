import { describe, expect, it } from 'vitest';

import { openAiChat } from './parameters.mts';
import { attempt } from './resuming.mts';
import { bodies } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const ITEMS = Array.from({ length: 40 }, (_, row) => ({ json: { row } }));
const USAGE = '[[usage input=30 output=20 cost=0.01]]';
const RETRIED = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const options = { maxRetries: 0, parallelRequests: 1 };

describe("A limit for what answers take, with n8n's Retry On Fail", () => {
	const bench = useBench();

	it.each([
		['tokens', { tokens: 250 }, 'the limit of 250 tokens is reached'],
		['cost', { cost: 0.05 }, 'the limit of $0.05 is reached'],
	])('holds for all tries together: %s', async (_name, limits, cause) => {
		const parameters = openAiChat(`=kite {{ $json.row }} ${USAGE}`, { options, limits });
		const run = await attempt(bench(), parameters, { items: ITEMS, node: RETRIED });
		expect(run.error?.message).toBe(`The run has ended early: ${cause}`);
		expect(bodies(bench())).toHaveLength(5);
	});

	it('counts what a try took that ended for another reason', async () => {
		const fault = '{{ $json.row === 3 ? "[[status code=400 times=1]]" : "" }}';
		const parameters = openAiChat(`=kite {{ $json.row }} ${USAGE} ${fault}`, {
			options: { ...options, keepAnswers: false },
			limits: { tokens: 250 },
		});
		const run = await attempt(bench(), parameters, { items: ITEMS, node: RETRIED });
		expect(run.error?.message).toMatch(/^The run has ended early/);
		// Three answers and a failure, then two answers.
		expect(bodies(bench())).toHaveLength(6);
	});

	it('holds for the time of all tries together', async () => {
		// Each try takes 0.7 seconds, and the second would have time enough for itself.
		const fault =
			'{{ $json.row ? "" : "[[latency ms=700]]" }} {{ $json.row === 1 ? "[[status code=400 times=1]]" : "" }}';
		const parameters = openAiChat(`=kite {{ $json.row }} ${fault}`, {
			options: { ...options, keepAnswers: false },
			limits: { minutes: 0.02 },
		});
		const run = await attempt(bench(), parameters, { items: ITEMS.slice(0, 4), node: RETRIED });
		expect(run.error?.message).toBe(
			'The run has ended early: the limit of 0.02 minutes is reached',
		);
	});

	it('begins anew when the user retries the execution', async () => {
		const parameters = openAiChat(`=kite {{ $json.row }} ${USAGE}`, {
			options,
			limits: { tokens: 1000 },
		});
		const first = await attempt(bench(), parameters, { items: ITEMS, node: RETRIED });
		expect(bodies(bench())).toHaveLength(20);
		const again = { items: ITEMS, node: RETRIED, run: { retryOf: first.run } };
		const run = await attempt(bench(), parameters, again);
		expect(run.items(NODE)).toHaveLength(40);
		expect(bodies(bench())).toHaveLength(40);
	});
});
