import type { INodeParameters } from 'n8n-workflow';
import { expect, it } from 'vitest';

import { asking, itemsOf, sharedBench } from './bench.mts';
import { SMALL_IMAGES } from './expected.mts';
import { until, untilClosed } from './seen.mts';

const bench = sharedBench({ service: { directives: SMALL_IMAGES } });

function prompts(count: number, directive: string): string[] {
	return Array.from({ length: count }, (_, index) => `${directive} kite ${index}`);
}

/** What there is to see after Stop was pressed in the midst of a run, with no request on its way. */
async function stopAfter(
	seen: number,
	inFlight: number,
	items: string[],
	parameters: INodeParameters,
) {
	const { service } = bench();
	const execution = bench().start(parameters, itemsOf(items));
	await until(() => {
		const now = service.statistics();
		return now.requests >= seen && now.inFlight === inFlight;
	});
	const before = service.statistics().requests;
	execution.cancel();
	await untilClosed(service);
	const { status } = await execution.finished;
	return { status, later: service.statistics().requests - before };
}

/** So many are answered; the others never, so that only Stop can close their connections. */
function answered(count: number): string[] {
	return [...prompts(count, ''), ...prompts(200 - count, '[[stall]]')];
}

const limited = prompts(200, '[[status code=429 retry-after=20]]');
const arriving = prompts(200, '[[endless]] [[pace ms=5]]');
const drawn = prompts(200, '[[stall-after on=image]]');

it.each([
	['answers are waited for', 30, 20, answered(10), asking('chat', { parallelRequests: 20 })],
	['answers arrive', 20, 20, arriving, asking('chat', { parallelRequests: 20 })],
	['retries are waited for', 10, 0, limited, asking('chat', { parallelRequests: 10 })],
	['the start delay lasts', 1, 1, answered(0), asking('chat', { delayBetweenRequests: 500 })],
	['the next minute is waited for', 5, 0, answered(5), asking('chat', { requestsPerMinute: 5 })],
	['images are drawn', 15, 10, answered(5), asking('image', { parallelRequests: 10 })],
	['images are fetched', 20, 10, drawn, asking('image', { parallelRequests: 10 })],
])('Stop while %s: no request more, nothing open', async (_, ...situation) => {
	const result = await stopAfter(...situation);
	expect(result).toEqual({ status: 'canceled', later: 0 });
});
