import { describe, expect, it } from 'vitest';

import { detailsOf } from './accounts.mts';
import { askOne } from './ask.mts';
import { asking, sharedBench } from './bench.mts';
import { SMALL_IMAGES } from './expected.mts';
import { until } from './seen.mts';

const bench = sharedBench({ service: { directives: SMALL_IMAGES } });

async function ask(operation: 'chat' | 'image', prompt: string, options = {}) {
	const { item } = await askOne(bench(), asking(operation, options), prompt);
	return item;
}

describe('a limit that passes ends the request and is named', () => {
	it.each([
		['chat', 'stall', { firstByteTimeout: 0.2 }, 'No answer began within 0.2 seconds'],
		[
			'chat',
			'stall-after fragments=2',
			{ idleTimeout: 0.3 },
			'The answer paused longer than 0.3 seconds',
		],
		['chat', 'pace ms=50', { timeout: 0.4 }, 'The request took longer than 0.4 seconds'],
		['chat', 'stall', { timeout: 0.25 }, 'The request took longer than 0.25 seconds'],
		['image', 'stall', { firstByteTimeout: 0.2 }, 'No answer began within 0.2 seconds'],
		['image', 'stall-after', { idleTimeout: 0.3 }, 'The answer paused longer than 0.3 seconds'],
		['image', 'stall on=image', { firstByteTimeout: 0.2 }, 'No answer began within 0.2 seconds'],
		[
			'image',
			'stall-after on=image',
			{ idleTimeout: 0.3 },
			'The answer paused longer than 0.3 seconds',
		],
		['image', 'stall-after on=image', { timeout: 0.4 }, 'The request took longer than 0.4 seconds'],
	] as const)('%s, %s', async (operation, fault, options, message) => {
		const item = await ask(operation, `[[${fault}]] a red kite`, options);
		expect(item.json['error']).toBe(message);
		expect(detailsOf(item).kind).toBe('timeout');
		await until(() => bench().service.statistics().inFlight === 0);
		expect(bench().service.requests.at(-1)?.finished).toBe('closed-by-client');
	});
});

describe('silence is measured between pieces', () => {
	it('a slow but steady stream survives a silence limit that its whole time exceeds', async () => {
		const prompt = '[[pace ms=100]] [[words count=25]] a red kite';
		const item = await ask('chat', prompt, { idleTimeout: 2 });
		const [request] = bench().service.requests;
		expect((request?.endedAt ?? 0) - (request?.startedAt ?? 0)).toBeGreaterThan(2000);
		expect(String(item.json['text']).split(' ')).toHaveLength(25);
	});

	it('an image that comes in drips survives as well', async () => {
		const prompt = '[[pace ms=1]] [[drip bytes=16 on=image]] a red kite';
		const item = await ask('image', prompt, { idleTimeout: 2 });
		expect(item.binary?.['data']?.mimeType).toBe('image/png');
	});

	it('the time before an answer begins is not silence', async () => {
		const item = await ask('chat', '[[latency ms=1500]] a red kite', { idleTimeout: 1 });
		expect(item.json['text']).toContain('a red kite');
	});
});

it('each try has its own time', async () => {
	const prompt = '[[latency ms=800]] [[status code=503 times=2]] a red kite';
	const item = await ask('chat', prompt, { timeout: 2, maxRetryDelay: 0.05 });
	expect(item.json['text']).toContain('a red kite');
	expect(bench().service.requests).toHaveLength(3);
});
