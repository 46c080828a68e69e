import { ExpressionError, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { ProviderError } from '../../providers/errors.ts';
import { itemRun } from '../../test/support/itemRun.mts';
import { NODE } from '../../test/support/strictContext.mts';
import { errorItem } from './runItems.ts';

const same = (words: string) => words;
const apiError = () =>
	new NodeApiError(NODE, { message: 'x' }, { message: 'Used up', description: 'Wait.' });

test('keeps what came in and says what went wrong', () => {
	const cause = new ProviderError('quota', 'Used up', {
		status: 429,
		code: 'limit',
		requestId: 'r-1',
		partialText: 'Hel',
	});
	const nodeError = apiError();
	const binary = { data: { data: '', mimeType: 'text/plain' } };
	const item = errorItem(itemRun({}, {}, 3), { json: { a: 1 }, binary }, nodeError, cause, same);
	expect(item).toStrictEqual({
		json: {
			a: 1,
			error: 'Used up',
			errorDetails: {
				kind: 'quota',
				description: 'Wait.',
				status: 429,
				code: 'limit',
				requestId: 'r-1',
				partialText: 'Hel',
				attempts: 0,
			},
		},
		binary,
		pairedItem: { item: 3 },
	});
});

test('goes to the error output, and n8n finds nothing on its copy to cut the JSON down to', () => {
	const nodeError = apiError();
	const getNode = () => ({ ...NODE, onError: 'continueErrorOutput' });
	const item = errorItem(itemRun({}, { getNode }), { json: {} }, nodeError, nodeError, same);
	expect(item.error).toBe(nodeError);
	expect({ ...item }.error).toBeUndefined();
});

test('what is not known is null, so that every error item has the same fields', () => {
	const { json } = errorItem(
		itemRun({}),
		{ json: {} },
		apiError(),
		new ProviderError('network', 'x'),
		same,
	);
	expect(json['errorDetails']).toEqual({
		kind: 'network',
		description: 'Wait.',
		status: null,
		code: null,
		requestId: null,
		partialText: null,
		attempts: 0,
	});
});

test('a fault of the input is reported as such', () => {
	const nodeError = new NodeOperationError(NODE, "'Prompt' is empty", { description: 'Enter.' });
	const { json } = errorItem(itemRun({}), { json: { a: 1 } }, nodeError, nodeError, same);
	expect(json).toEqual({
		a: 1,
		error: "'Prompt' is empty",
		errorDetails: { kind: 'input', description: 'Enter.', attempts: 0 },
	});
});

test.each([
	['an expression', new ExpressionError('x is not defined'), 'input'],
	[
		'a full disk',
		Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }),
		'internal',
	],
	['a mistake in the code', new TypeError('x is not a function'), 'internal'],
	['something thrown', 'text', 'internal'],
])('the kind of %s', (_name, cause, kind) => {
	const { json } = errorItem(itemRun({}), { json: {} }, apiError(), cause, same);
	expect(json['errorDetails']).toMatchObject({ kind });
});

test('secrets are taken out of the text that had arrived', () => {
	const cause = new ProviderError('quota', 'x', { partialText: 'key hunter22' });
	const redact = (words: string) => words.replaceAll('hunter22', '*****');
	const { json } = errorItem(itemRun({}), undefined, apiError(), cause, redact);
	expect(json['errorDetails']).toMatchObject({ partialText: 'key *****' });
});

test('without an input there is only the error', () => {
	const item = errorItem(itemRun({}), undefined, apiError(), new ProviderError('http', 'x'), same);
	expect(Object.keys(item.json)).toEqual(['error', 'errorDetails']);
	expect('binary' in item).toBe(false);
});
