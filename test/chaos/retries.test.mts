import { describe, expect, it } from 'vitest';

import { NODE } from '../engine/support.mts';
import { detailsOf } from './accounts.mts';
import { askOne } from './ask.mts';
import { asking, sharedBench } from './bench.mts';

const QUICK = { maxRetryDelay: 0.05 };

describe.each(['aiChats', 'openAiCompatible'])('%s', (provider) => {
	const bench = sharedBench();

	async function ask(prompt: string, options = {}) {
		const parameters = asking('chat', { ...QUICK, ...options }, { provider, simplify: false });
		const { item, run } = await askOne(bench(), parameters, prompt);
		const hints = run.hints(NODE).map(({ message }) => message);
		return { item, hints, requests: bench().service.requests.length };
	}

	it.each([
		'status code=408',
		'status code=429',
		'status code=502',
		'status code=503',
		'status code=504',
		'reset',
	])('asks again after: %s', async (fault) => {
		const { item, requests, hints } = await ask(`[[${fault} times=2]] a red kite`);
		expect(item.json).toMatchObject({ text: expect.stringContaining('a red kite'), retries: 2 });
		expect(requests).toBe(3);
		expect(hints).toEqual(['Retried 2 requests for 1 of 1 item']);
	});

	it('asks once more after a failure of the server, not twice', async () => {
		const passed = await ask('[[status code=500 times=1]] a red kite');
		expect(passed.item.json).toMatchObject({ text: expect.stringContaining('a red kite') });
		const { item } = await ask('[[status code=500]] a red kite');
		expect(detailsOf(item)).toMatchObject({ status: 500, attempts: 2 });
	});

	it.each([
		'status code=400',
		'status code=401',
		'status code=403',
		'status code=422',
		'reset-after fragments=1',
		'cut after=2',
		'stall-after fragments=1',
		'checking',
		'empty-stream',
	])('does not ask again after: %s', async (fault) => {
		const { item, requests, hints } = await ask(`[[${fault}]] a red kite`, { idleTimeout: 0.2 });
		expect(detailsOf(item).attempts).toBe(1);
		expect(requests).toBe(1);
		expect(hints).toEqual(['1 of 1 item failed']);
	});

	it.each([
		[0, 1],
		[undefined, 3],
		[10, 11],
	])('with %s as the most retries it sends %i requests', async (maxRetries, attempts) => {
		const options = maxRetries === undefined ? {} : { maxRetries };
		const { item, requests } = await ask('[[status code=503]] a kite', options);
		expect(detailsOf(item)).toMatchObject({ kind: 'http', status: 503, attempts });
		expect(requests).toBe(attempts);
	});
});
