import { describe, expect, it } from 'vitest';

import { detailsOf } from '../chaos/accounts.mts';
import { chat, image, openAiChat, openAiImage } from './parameters.mts';
import { asked, attempt } from './resuming.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const bench = useBench();
const PROMPT = '=kite {{ $json.row }} {{ $json.fault }}';
const rowsOf = (rows: number[], fault = '') => rows.map((row) => ({ json: { row, fault } }));
const ROWS = rowsOf([1, 2, 1, 1, 2, 3]);
const options = { answerRepeatsOnce: true, maxRetries: 0 };

describe.each([
	['Chat with Ai-Chats', chat],
	['Chat with an OpenAI-compatible server', openAiChat],
	['Image with Ai-Chats', image],
	['Image with an OpenAI-compatible server', openAiImage],
])('%s', (_, ask) => {
	it('asks once for rows that are the same, and each item comes out in its place', async () => {
		const run = await attempt(bench(), ask(PROMPT, { options }), { items: ROWS });
		expect(asked(bench()).sort()).toEqual([1, 2, 3]);
		const items = run.items(NODE);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ROWS.map((__, item) => ({ item })));
		expect(items.map(({ json }) => json['repeatOf'])).toEqual([
			...[undefined, undefined, 0, 0],
			...[1, undefined],
		]);
		for (const { json, binary } of items) {
			const { repeatOf, ...rest } = json;
			const { usage, ...first } = items[Number(repeatOf ?? 0)]!.json;
			if (repeatOf === undefined) continue;
			expect(rest).toEqual(first);
			expect(binary).toEqual(items[Number(repeatOf)]!.binary);
			if (usage !== undefined) expect(rest).not.toHaveProperty('usage');
		}
	});

	it('asks for each of them unless the option is on', async () => {
		const run = await attempt(bench(), ask(PROMPT), { items: ROWS });
		expect(asked(bench()).sort()).toEqual([1, 1, 1, 2, 2, 3]);
		expect(run.items(NODE).filter(({ json }) => 'repeatOf' in json)).toEqual([]);
	});

	it('a failure that cannot pass is that of all of them', async () => {
		const items = rowsOf([1, 1, 1], '[[status code=400 times=1]]');
		const node = { onError: 'continueRegularOutput' as const };
		const run = await attempt(bench(), ask(PROMPT, { options }), { items, node });
		expect(asked(bench())).toEqual([1]);
		expect(run.items(NODE)).toMatchObject(
			[1, 0, 0].map((attempts, item) => ({
				json: { row: 1, errorDetails: { status: 400, attempts } },
				pairedItem: { item },
			})),
		);
	});
});

describe.each([1, 5])(
	'What failed the first of them but may pass, %i at a time',
	(parallelRequests) => {
		const ask = openAiChat(PROMPT, { options: { ...options, parallelRequests } });
		const node = { onError: 'continueRegularOutput' as const };
		/** Of each item, after how many requests it failed, or which it repeats. */
		async function outcomes(fault: string) {
			const run = await attempt(bench(), ask, { items: rowsOf([1, 1, 1, 1], fault), node });
			const items = run.items(NODE);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2, 3].map((item) => ({ item })),
			);
			return items.map(({ json }) => {
				if (json['error'] !== undefined) return `failed after ${detailsOf({ json }).attempts}`;
				return json['repeatOf'] === undefined ? 'asked' : `repeats ${json['repeatOf']}`;
			});
		}

		it.each([
			'status code=503',
			'status code=500',
			'reset',
			'reset-after fragments=2',
			'error-200',
		])('is asked once more, for all others: %s', async (fault) => {
			expect(await outcomes(`[[${fault} times=1]]`)).toEqual([
				'failed after 1',
				'asked',
				'repeats 1',
				'repeats 1',
			]);
			expect(asked(bench())).toEqual([1, 1]);
		});

		it('and fails all others when it fails again', async () => {
			expect(await outcomes('[[status code=503]]')).toEqual([
				'failed after 1',
				'failed after 1',
				'failed after 0',
				'failed after 0',
			]);
			expect(asked(bench())).toEqual([1, 1]);
		});

		it('is not asked again in a run that stops', async () => {
			const items = rowsOf([1, 1, 1], '[[status code=503 times=1]]');
			const run = await attempt(bench(), ask, { items });
			expect(run.error).toMatchObject({ httpCode: '503', context: { itemIndex: 0 } });
			expect(asked(bench())).toEqual([1]);
		});
	},
);

it('files that differ in their names alone are not the same', async () => {
	const data = Buffer.from('%PDF-1.7 kite').toString('base64');
	const items = ['march.pdf', 'april.pdf', 'march.pdf'].map((fileName) => ({
		json: {},
		binary: { bill: { data, mimeType: 'application/pdf', fileName } },
	}));
	const parameters = openAiChat('Which month?', { options: { ...options, imageFields: 'bill' } });
	const run = await attempt(bench(), parameters, { items });
	expect(bench().service.requests).toHaveLength(2);
	items.forEach(({ binary }, item) => {
		expect(run.items(NODE)[item]?.json['text']).toContain(`"${binary.bill.fileName}"`);
	});
});

it('items that share an answer do not share its data', async () => {
	const parameters = openAiChat('kite', { options, responseFormat: 'object' });
	const run = await attempt(bench(), parameters, { items: ROWS });
	expect(bench().service.requests).toHaveLength(1);
	const outputs = run.items(NODE).map(({ json }) => json['output']);
	expect(outputs).toEqual(ROWS.map(() => ({ answer: 'kite' })));
	expect(new Set(outputs).size).toBe(ROWS.length);
});

it('what a retry has to ask for, it asks once', async () => {
	const items = [
		...rowsOf([1, 1]),
		...rowsOf([6, 6], '[[status code=400 times=1]]'),
		...rowsOf([1]),
	];
	const node = { retryOnFail: true, waitBetweenTries: 1 };
	const parameters = chat(PROMPT, { options: { ...options, parallelRequests: 1 } });
	const run = await attempt(bench(), parameters, { items, node });
	expect(asked(bench())).toEqual([1, 6, 6]);
	expect(run.items(NODE).map(({ json }) => json['repeatOf'])).toEqual([
		...[undefined, 0],
		...[undefined, 2],
		0,
	]);
});
