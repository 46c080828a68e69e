import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { chat, image, model, openAiChat, openAiImage } from './parameters.mts';
import {
	ALL,
	asked,
	attempt,
	contextOf,
	expectAllRows,
	options,
	PROMPT,
	retried,
	ROWS,
} from './resuming.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

describe.each([
	['Chat with Ai-Chats', chat, 'text'],
	['Chat with an OpenAI-compatible server', openAiChat, 'text'],
	['Image with Ai-Chats', image, 'prompt'],
	['Image with an OpenAI-compatible server', openAiImage, 'prompt'],
])('%s', (_, ask, field) => {
	const bench = useBench();
	const parameters = ask(PROMPT, { options });

	it('with Retry On Fail asks only for what is missing', async () => {
		const node = { retryOnFail: true, waitBetweenTries: 1 };
		const run = await attempt(bench(), parameters, { node });
		expectAllRows(run, field);
		expect(asked(bench())).toEqual([0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9]);
		expect(run.hints(NODE)).toMatchObject([
			{ type: 'info', message: '6 of 10 answers were kept from the failed run' },
		]);
		expect(contextOf(run)).toEqual({});
	});

	it('asks only for what is missing when the failed execution is retried', async () => {
		const { run, rows } = await retried(bench(), parameters);
		expectAllRows(run, field);
		expect(rows).toEqual([6, 7, 8, 9]);
		expect(contextOf(run)).toEqual({});
	});

	it('asks for everything again when the option is off', async () => {
		const off = ask(PROMPT, { options: { ...options, keepAnswers: false } });
		const { failed, run, rows } = await retried(bench(), off);
		expect(contextOf(failed)).toEqual({});
		expectAllRows(run, field);
		expect(rows).toEqual(ALL);
		expect(run.hints(NODE)).toEqual([]);
	});
});

describe('A retry asks anew', () => {
	const bench = useBench();
	const calm = '=kite {{ $json.row }}';

	it('nothing that is as it was', async () => {
		const { rows } = await retried(
			bench(),
			openAiChat(PROMPT, { options }),
			openAiChat(calm, { options }),
		);
		expect(rows).toEqual([6, 7, 8, 9]);
	});

	it.each<[string, INodeParameters]>([
		['prompt', openAiChat('=a kite {{ $json.row }}', { options })],
		['model', openAiChat(calm, { options, ...model('gpt-4o') })],
		['system message', openAiChat(calm, { options, systemMessage: 'Be brief' })],
		['option', openAiChat(calm, { options: { ...options, temperature: 0 } })],
		['extra body', openAiChat(calm, { options: { ...options, extraBody: '{"top_k":1}' } })],
		['format', openAiChat(calm, { options, responseFormat: 'object' })],
		['provider', chat(calm, { options })],
		['operation', openAiImage(calm, { options })],
	])('where the %s is another now', async (_, changed) => {
		const { run, rows } = await retried(bench(), openAiChat(PROMPT, { options }), changed);
		expect(run.error).toBeUndefined();
		expect(run.items(NODE)).toHaveLength(ROWS.length);
		expect(rows).toEqual(ALL);
		expect(run.hints(NODE)).toEqual([]);
	});
});
