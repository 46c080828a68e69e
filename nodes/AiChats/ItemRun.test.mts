import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { IExecuteFunctions, INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { streamOf } from '../../test/support/streams.mts';
import { NODE, strict } from '../../test/support/strictContext.mts';
import { ItemRun } from './ItemRun.ts';
import { SharedRun } from './SharedRun.ts';
import { operations } from './operations/index.ts';

function open(
	getCredentials: () => Promise<object>,
	parameters: INodeParameters = {},
	itemCount = 1,
) {
	const asked: unknown[][] = [];
	const context = strict<IExecuteFunctions>('context', {
		getCredentials,
		getContext: () => ({}),
		getNode: () => ({ ...NODE, parameters }),
		getParentNodes: () => [],
		getExecutionCancelSignal: () => undefined,
		getNodeParameter: (...parameters: unknown[]) => {
			asked.push(parameters);
			return parameters[2];
		},
	});
	const shared = new SharedRun(context, operations.chat.optionsOf, itemCount);
	return { asked, context, shared, run: new ItemRun(context, 2, shared) };
}

test('a parameter is read for the item', () => {
	const { asked, run } = open(async () => ({}));
	expect(run.parameter('prompt', 'fallback', { extractValue: true })).toBe('fallback');
	expect(asked.at(-1)).toEqual(['prompt', 2, 'fallback', { extractValue: true }]);
});

test.each<[what: string, parameters: INodeParameters, name: string, times: number]>([
	['a text', { prompt: 'a = b' }, 'prompt', 1],
	['an expression', { prompt: '={{ $json.a }}' }, 'prompt', 3],
	['a model of a list', { model: { __rl: true, mode: 'list', value: 'a' } }, 'model', 1],
	['a model by expression', { model: { __rl: true, mode: 'id', value: '={{ 1 }}' } }, 'model', 3],
	['rows', { rows: { values: [{ name: 'a' }] } }, 'rows.values', 1],
	['rows, one with an expression', { rows: { values: [{ a: 1 }, { a: '=1' }] } }, 'rows.values', 3],
	['a field that is not there', {}, 'prompt', 1],
])('%s is looked up as often as items may differ in it', (_what, parameters, name, times) => {
	const { asked, context, shared } = open(async () => ({}), parameters);
	asked.length = 0;
	for (const index of [0, 1, 2]) new ItemRun(context, index, shared).parameter(name, 'x');
	expect(asked.map(([, index]) => index)).toEqual([0, 1, 2].slice(0, times));
});

test('the credential is read once for all items, the provider is one for each', async () => {
	let read = 0;
	const { context, shared, run } = open(async () => {
		read += 1;
		return { baseUrl: 'https://a', sessionCookieSecret: 'a=hunter22' };
	});
	expect(run.redact('hunter22')).toBe('hunter22');
	const first = await run.provider();
	expect(await run.provider()).toBe(first);
	expect(await new ItemRun(context, 3, shared).provider()).not.toBe(first);
	expect(read).toBe(1);
	expect(run.redact('hunter22')).toBe('*****');
	expect(shared.redact('hunter22')).toBe('*****');
});

test('an item for which nothing was sent has no attempts', () => {
	const { run } = open(async () => ({}));
	expect([run.attempts, run.retries]).toEqual([0, 0]);
});

test('a credential that fails, fails every item', async () => {
	const missing = new Error('No credential');
	const { run } = open(() => Promise.reject(missing));
	await expect(run.provider()).rejects.toBe(missing);
	await expect(run.provider()).rejects.toBe(missing);
});

test('stopping the run stops its items', () => {
	const { shared, run } = open(async () => ({}));
	expect(run.signal.aborted).toBe(false);
	shared.stop();
	expect(run.signal.aborted).toBe(true);
});

/** Asks with a file, and has the answer. */
async function askWithFile(run: ItemRun): Promise<WeakRef<Uint8Array>> {
	const bytes = new Uint8Array(1000);
	const file = { size: bytes.length, read: () => streamOf(bytes) };
	const request = () => ({ content: () => [file.size], length: 0, files: [file] });
	const answer = async () => ({ images: [], text: `of ${bytes.length}` });
	expect(await run.answer(request, answer)).toMatchObject({ answer: { text: 'of 1000' } });
	run.noteSuccess();
	return new WeakRef(bytes);
}

test('an item that has its answer lets go of its files, though the run goes on', async () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const { context, shared } = open(async () => ({ baseUrl: 'https://a' }), {}, 2);
	const runs = [0, 1].map((index) => new ItemRun(context, index, shared));
	const files = await Promise.all(runs.map(askWithFile));
	await expect
		.poll(() => {
			collect();
			return files.filter((file) => file.deref() !== undefined).length;
		})
		.toBe(0);
	expect(runs.map(({ attempts }) => attempts)).toEqual([0, 0]);
	shared.answers.keep();
});
