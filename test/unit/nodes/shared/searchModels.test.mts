import { type ILoadOptionsFunctions, NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { searchModels } from '../../../../nodes/shared/searchModels.ts';
import { failureOf } from '../../../support/failure.mts';
import { NODE, strict } from '../../../support/strictContext.mts';

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

test('a credential that cannot work is told in words', async () => {
	const error = await failureOf(() => search('chat', '', { baseUrl: 'ftp://a' }));
	expect(error).toBeInstanceOf(NodeOperationError);
	expect((error as Error).message).toContain('base URL');
});
