import { type ILoadOptionsFunctions, NodeOperationError } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { failureOf } from '../../test/support/failure.mts';
import { itemRun } from '../../test/support/itemRun.mts';
import { NODE, strict } from '../../test/support/strictContext.mts';
import { readModel, searchModels } from './model.ts';

test.each([
	['gpt-4', 'gpt-4'],
	[' gpt-4 ', 'gpt-4'],
	[4, '4'],
])('%j is the model %j', (value, model) => {
	expect(readModel(itemRun({ model: value }), 'aiChats', 'chat')).toBe(model);
});

describe.each(['', ' ', null, undefined])('When the field is %j', (value) => {
	test.each([
		['aiChats', 'chat', 'gpt-4'],
		['aiChats', 'image', 'dalle'],
		['openAiCompatible', 'chat', ''],
		['openAiCompatible', 'image', ''],
	] as const)("the default of %s for '%s' is %j", (provider, kind, model) => {
		expect(readModel(itemRun({ model: value }), provider, kind)).toBe(model);
	});
});

test('a model that is an object is refused in words', async () => {
	const error = await failureOf(() => readModel(itemRun({ model: { id: 7 } }), 'aiChats', 'chat'));
	expect((error as Error).message).toBe("'Model' is not text");
});

test('the value is taken out of whichever mode of the field', () => {
	const options: unknown[] = [];
	const run = itemRun(
		{},
		{
			getNodeParameter: (name: string, _index: number, fallback: unknown, extract: unknown) => {
				if (name === 'model') options.push(extract);
				return name === 'model' ? 'dalle' : fallback;
			},
		},
	);
	expect(readModel(run, 'aiChats', 'image')).toBe('dalle');
	expect(options).toEqual([{ extractValue: true }]);
});

function search(
	operation: unknown,
	filter?: string,
	credential: object = { baseUrl: 'https://a' },
) {
	const context = strict<ILoadOptionsFunctions>('context', {
		getNode: () => NODE,
		getCurrentNodeParameter: (name: string) => (name === 'operation' ? operation : undefined),
		getCredentials: async (type: string) => {
			expect(type).toBe('aiChatsApi');
			return credential;
		},
		getExecutionCancelSignal: () => undefined,
	});
	return searchModels.call(context, filter);
}

test.each([
	['chat', 'gpt-4'],
	[undefined, 'gpt-4'],
	['image', 'dalle'],
])('for the operation %j it is %j', async (operation, model) => {
	expect(await search(operation)).toEqual({ results: [{ name: model, value: model }] });
});

test.each([
	['', 1],
	['GPT', 1],
	['pt-', 1],
	['dalle', 0],
])('the filter %j leaves %i', async (filter, count) => {
	expect((await search('chat', filter)).results).toHaveLength(count);
});

test('a credential that cannot work is reported', async () => {
	const error = await failureOf(() => search('chat', '', { baseUrl: 'ftp://a' }));
	expect(error).toBeInstanceOf(NodeOperationError);
	expect((error as Error).message).toContain('base URL');
});
