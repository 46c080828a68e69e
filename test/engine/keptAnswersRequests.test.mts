import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { png } from '../support/images.mts';
import { openAiChat, openAiImage } from './parameters.mts';
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
import { afterStore, STORE } from './storedFiles.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const bench = useBench({ engine: { nodeTypes: STORE } });
const SCHEMA = { type: 'object', properties: { answer: { type: 'string' } } };
const REST = [6, 7, 8, 9];

describe('A retry knows every answered request again', () => {
	it.each<[what: string, parameters: INodeParameters]>([
		['a text', openAiChat(PROMPT, { options })],
		['the whole response', openAiChat(PROMPT, { options, simplify: false })],
		[
			'an object that is the same for all rows',
			openAiChat(PROMPT, {
				...{ options: { ...options, extraBody: '{"metadata":{"a":["b"]}}' } },
				...{ responseFormat: 'schema', jsonSchema: JSON.stringify(SCHEMA) },
			}),
		],
		[
			'an object of each row',
			openAiChat(PROMPT, {
				...{ options: { ...options, extraBody: '={{ ({ metadata: { row: $json.row } }) }}' } },
				...{
					responseFormat: 'schema',
					jsonSchema: `={{ (${JSON.stringify(SCHEMA).replaceAll('}', ' }')}) }}`,
				},
			}),
		],
		[
			'history and input fields',
			openAiChat(PROMPT, {
				...{ options, historyInput: 'json', includeOtherFields: true },
				historyJson: '=[{ "role": "user", "content": "Row {{ $json.row }}?" }]',
			}),
		],
		[
			'fallback models',
			openAiChat(`${PROMPT} [[status code=503 model=gpt-4o-mini]]`, {
				options: { ...options, fallbackModels: ['b'] },
			}),
		],
	])('and has the items of a run without a failure: %s', async (_, parameters) => {
		const failed = await attempt(bench(), parameters);
		expect(failed.error).toBeDefined();
		const { length } = asked(bench());
		const run = await attempt(bench(), parameters, { run: { retryOf: failed.run } });
		expect([...new Set(asked(bench()).slice(length))]).toEqual(REST);
		const all = await attempt(bench(), parameters);
		expect(run.items(NODE)).toHaveLength(ROWS.length);
		expect(run.items(NODE)).toEqual(all.items(NODE));
	});

	it('of which more wait to be hashed than may', async () => {
		const text = 'x'.repeat(800_000);
		const parameters = openAiChat(PROMPT, { options, systemMessage: '={{ $json.text }}' });
		const items = ROWS.map(({ json }) => ({ json: { ...json, text } }));
		const failed = await attempt(bench(), parameters, { items });
		expect((contextOf(failed)['keptAnswers'] as []).length).toBe(6);
		const run = await attempt(bench(), parameters, { items, run: { retryOf: failed.run } });
		expectAllRows(run);
		expect(asked(bench()).slice(7)).toEqual(REST);
	});

	it('of a run that the user stopped', async () => {
		const items = ROWS.map(({ json }) => ({
			json: { ...json, fault: json.row === 6 ? ' [[stall times=1]]' : '' },
		}));
		const parameters = openAiChat(PROMPT, { options });
		const started = bench().start(parameters, items);
		await expect.poll(() => asked(bench()).length).toBe(7);
		started.cancel();
		const stopped = await started.finished;
		expect(stopped.status).toBe('canceled');
		expect((contextOf(stopped)['keptAnswers'] as []).length).toBe(6);
		const run = await attempt(bench(), parameters, { items, run: { retryOf: stopped.run } });
		expectAllRows(run);
		expect(asked(bench()).slice(7)).toEqual(REST);
	});
});

describe('Files that go along', () => {
	const FILES = { data: png(3, 2), mask: png(2, 3) };

	function withFiles(row: number, files: Partial<typeof FILES> = FILES): INodeExecutionData {
		const binary = Object.entries(files).map(([name, bytes]) => [
			name,
			{ data: Buffer.from(bytes).toString('base64'), fileName: 'a.png', mimeType: 'image/png' },
		]);
		return { ...ROWS[row]!, binary: Object.fromEntries(binary) };
	}

	const cases: Array<[what: string, parameters: INodeParameters]> = [
		['of a chat', openAiChat(PROMPT, { options: { ...options, imageFields: 'data,mask' } })],
		[
			'to be edited',
			openAiImage(PROMPT, { sourceFields: 'data', options: { ...options, maskField: 'mask' } }),
		],
	];

	/** In the item itself, or in n8n's storage. */
	describe.each([false, true])('stored: %s', (isStored) => {
		it.each(cases)('%s: a retry asks only for what is missing', async (_, parameters) => {
			const items = ALL.map((row) => withFiles(row));
			const workflow = isStored ? afterStore(parameters) : undefined;
			const failed = await (workflow
				? bench().engine.run(workflow, { input: items })
				: attempt(bench(), parameters, { items }));
			const posted = () =>
				bench().service.requests.filter(({ method }) => method === 'POST').length;
			expect(failed.error).toBeDefined();
			expect(posted()).toBe(7);
			const again = { items, run: { retryOf: failed.run } };
			const run = await (workflow
				? bench().engine.run(workflow, { input: items, retryOf: failed.run })
				: attempt(bench(), parameters, again));
			expect(run.error).toBeUndefined();
			expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
				ALL.map((item) => ({ item })),
			);
			expect(posted()).toBe(7 + REST.length);
		});
	});
});
