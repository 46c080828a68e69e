import { describe, expect, it } from 'vitest';

import { NODE } from '../engine/support.mts';
import { detailsOf } from './accounts.mts';
import { askOne } from './ask.mts';
import { asking, sharedBench } from './bench.mts';
import { expectedImages, hashOf, SMALL_IMAGES } from './expected.mts';

const PROVIDERS = [
	{ provider: 'aiChats', model: 'dalle' },
	{ provider: 'openAiCompatible', model: 'dall-e-2' },
];

describe.each(PROVIDERS)('an image behind a link, $provider', ({ provider, model }) => {
	const bench = sharedBench({ service: { directives: SMALL_IMAGES } });

	async function draw(fault: string) {
		const options = { maxRetryDelay: 0.05, idleTimeout: 1, firstByteTimeout: 5 };
		const parameters = asking('image', options, {
			provider,
			model: { __rl: true, mode: 'id', value: model },
		});
		const { run, item } = await askOne(bench(), parameters, `[[${fault}]] a kite`);
		const methods = bench().service.requests.map(({ method }) => method);
		return { run, item, methods };
	}

	it.each([
		'status code=503 on=image times=2',
		'status code=429 retry-after-ms=20 on=image times=2',
		'reset on=image times=2',
	])('is fetched again, not drawn again, after: %s', async (fault) => {
		const { run, item, methods } = await draw(fault);
		expect(methods).toEqual(['POST', 'GET', 'GET', 'GET']);
		const whole = await expectedImages([{ prompt: 'a kite', mimeType: 'image/png' }]);
		expect([hashOf(await run.binary(item))]).toEqual(whole);
		expect(run.hints(NODE)).toMatchObject([{ message: 'Retried 2 requests for 1 of 1 item' }]);
	});

	it.each([
		['reset-after on=image', 'truncated'],
		['cut on=image', 'truncated'],
		['stall-after on=image', 'timeout'],
		['expired', 'http'],
		['gone', 'http'],
		['svg', 'protocol'],
	])('is not fetched again once it has begun, or will not come: %s', async (fault, kind) => {
		const { item, methods } = await draw(fault);
		expect(methods).toEqual(['POST', 'GET']);
		expect(detailsOf(item)).toMatchObject({ kind, attempts: 2 });
	});
});
