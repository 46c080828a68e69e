import { afterEach, describe, expect, it, vi } from 'vitest';

import type { StoredImage } from '../../nodes/AiChats/operations/storeImages.ts';
import { chat, image, openAiChat, openAiImage } from './parameters.mts';
import {
	ALL,
	asked,
	attempt,
	contextOf,
	expectAllRows,
	options,
	PROMPT,
	ROWS,
} from './resuming.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const SECRET = 'sk-very-secret-0815';
const FAULT = ' [[status code=400 times=1]]';

describe('What a failed run leaves', () => {
	const bench = useBench({ credential: { apiKey: SECRET, sessionCookieSecret: SECRET } });

	it('is its answers by hashes: no secret and no prompt', async () => {
		const failed = await attempt(bench(), openAiChat(PROMPT, { options }));
		const { keptAnswers, ...rest } = contextOf(failed) as {
			keptAnswers: Array<{ key: string; answer: string }>;
		};
		expect(rest).toEqual({});
		expect(keptAnswers).toHaveLength(6);
		expect(new Set(keptAnswers.map(({ key }) => key)).size).toBe(6);
		for (const { key, answer } of keptAnswers) {
			expect(key).toMatch(/^[\w+/]{43}=$/);
			expect(JSON.parse(answer)).toMatchObject({ text: expect.stringContaining('kite') });
		}
		const text = JSON.stringify(keptAnswers);
		for (const word of [SECRET, Buffer.from(SECRET).toString('base64'), 'status code']) {
			expect(text).not.toContain(word);
		}
	});

	it('is at most 10 MB, the newest of them', async () => {
		const value = JSON.stringify('x'.repeat(300_000));
		const prompt = `=kite {{ $json.row }} [[text value=${value}]]{{ $json.fault }}`;
		const items = Array.from({ length: 50 }, (_, row) => ({
			json: { row, fault: row === 49 ? ' [[status code=400 times=1]]' : '' },
		}));
		const parameters = openAiChat(prompt, { options });
		const failed = await attempt(bench(), parameters, { items });
		const { length } = JSON.stringify(contextOf(failed));
		expect(length).toBeLessThan(10.1 * 1024 * 1024);
		expect(length).toBeGreaterThan(9.5 * 1024 * 1024);
		const before = asked(bench()).length;
		const run = await attempt(bench(), parameters, { items, run: { retryOf: failed.run } });
		expect(run.items(NODE)).toHaveLength(50);
		const rows = asked(bench()).slice(before);
		// 34 answers of 300,000 characters fit.
		expect(rows).toEqual([...Array.from({ length: 15 }, (_, row) => row), 49]);
	});

	it('has images only as references to n8n’s storage', async () => {
		const failed = await attempt(bench(), openAiImage(PROMPT, { options }));
		const { keptAnswers } = contextOf(failed) as { keptAnswers: Array<{ answer: string }> };
		expect(keptAnswers).toHaveLength(6);
		for (const { answer } of keptAnswers) {
			const { images } = JSON.parse(answer) as { images: StoredImage[] };
			expect(images[0]?.binary?.['data']).toMatchObject({
				id: expect.stringMatching(/^filesystem/),
				data: 'filesystem-v2',
			});
		}
	});
});

describe('Links to images', () => {
	const bench = useBench();
	const parameters = image(PROMPT, { options, imageOutput: 'url' });
	afterEach(() => void vi.useRealTimers());

	async function retriedAfter(minutes: number) {
		const failed = await attempt(bench(), parameters);
		const before = asked(bench()).length;
		const later = Date.now() + minutes * 60_000;
		vi.useFakeTimers({ toFake: ['Date'], now: later });
		const run = await attempt(bench(), parameters, { run: { retryOf: failed.run } });
		expectAllRows(run, 'prompt');
		return asked(bench()).slice(before);
	}

	it('are kept for a retry within minutes', async () => {
		expect(await retriedAfter(9)).toEqual([6, 7, 8, 9]);
	});

	it('that may have expired are asked for again', async () => {
		expect(await retriedAfter(11)).toEqual(ALL);
	});

	it('do not get younger by a retry that fails as well', async () => {
		const items = ROWS.map(({ json }) => ({
			json: { ...json, fault: json.fault.replace('times=1', 'times=2') },
		}));
		vi.useFakeTimers({ toFake: ['Date'] });
		const first = await attempt(bench(), parameters, { items });
		vi.setSystemTime(Date.now() + 9 * 60_000);
		const second = await attempt(bench(), parameters, { items, run: { retryOf: first.run } });
		expect(asked(bench())).toHaveLength(7 + 1);
		vi.setSystemTime(Date.now() + 2 * 60_000);
		const run = await attempt(bench(), parameters, { items, run: { retryOf: second.run } });
		expectAllRows(run, 'prompt');
		expect(asked(bench()).slice(8)).toEqual(ALL);
	});
});

describe('Images that n8n keeps in the items', () => {
	const bench = useBench({ engine: { binaryDataMode: 'default' } });

	it('are not kept a second time, and asked for again', async () => {
		const parameters = openAiImage(PROMPT, { options });
		const failed = await attempt(bench(), parameters);
		expect(contextOf(failed)).toEqual({});
		const run = await attempt(bench(), parameters, { run: { retryOf: failed.run } });
		expectAllRows(run, 'prompt');
		expect(asked(bench())).toHaveLength(7 + 10);
	});
});

describe('A retry', () => {
	const bench = useBench();

	it('gives equal rows an answer each, and asks for those that had none', async () => {
		const items = [0, 0, 0, 6, 0].map((row) => ROWS[row]!);
		const parameters = chat(PROMPT, { options });
		const failed = await attempt(bench(), parameters, { items });
		expect(asked(bench())).toEqual([0, 0, 0, 6]);
		const run = await attempt(bench(), parameters, { items, run: { retryOf: failed.run } });
		expect(run.items(NODE)).toHaveLength(5);
		expect(asked(bench())).toEqual([0, 0, 0, 6, 6, 0]);
	});

	it('that fails as well keeps what either had', async () => {
		const twice = ROWS.map(({ json }) => ({
			json: { ...json, fault: [2, 6].includes(json.row) ? json.fault || FAULT : '' },
		}));
		const run = await attempt(
			bench(),
			chat(PROMPT, { options: { ...options, parallelRequests: 5 } }),
			{
				items: twice,
				node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
			},
		);
		expectAllRows(run);
		const rows = asked(bench());
		// Those that were under way when a row failed are asked once more.
		for (const row of [0, 1]) expect(rows.filter((other) => other === row)).toHaveLength(1);
	});

	it('does not wait for its pace where nothing is sent', async () => {
		// With the kept answers, the second try would have to wait a minute for its eighth.
		const slow = { ...options, requestsPerMinute: 7 };
		const node = { retryOnFail: true, waitBetweenTries: 1 };
		const run = await attempt(bench(), chat(PROMPT, { options: slow }), { node });
		expectAllRows(run);
		expect(asked(bench())).toHaveLength(7 + 4);
	});

	it('streams the text of kept answers, too', async () => {
		const chunks: string[] = [];
		const onChunk = ({ type, content = '' }: { type: string; content?: string }) => {
			if (type === 'item') chunks.push(content);
		};
		const parameters = chat(PROMPT, { options });
		const failed = await attempt(bench(), parameters);
		const again = { retryOf: failed.run, mode: 'manual' as const, onChunk };
		const run = await attempt(bench(), parameters, { run: again });
		const texts = run.items(NODE).map(({ json }) => json['text']);
		expect(chunks.join('')).toBe(texts.join(''));
	});
});
