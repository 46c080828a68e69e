import { NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { failureOf } from '../../../test/support/failure.mts';
import { itemRun } from '../../../test/support/itemRun.mts';
import { readPrompt } from './prompt.ts';

test.each([
	['Hello', 'Hello'],
	['  Hello\n', '  Hello\n'],
	[7, '7'],
	[0, '0'],
	[false, 'false'],
	[{ a: [1, 'b'] }, '{"a":[1,"b"]}'],
	[['a'], '["a"]'],
])('%j is sent as %j', (value, prompt) => {
	expect(readPrompt(itemRun({ prompt: value }))).toBe(prompt);
});

test.each([[''], ['  \n'], [null], [undefined]])('%j is nothing to send', async (value) => {
	const error = await failureOf(() => readPrompt(itemRun({ prompt: value }, {}, 3)));
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error).toMatchObject({ message: "'Prompt' is empty", context: { itemIndex: 3 } });
	expect((error as NodeOperationError).description).toContain('expression');
});

test('an object that contains itself is refused by the name of the field', async () => {
	const prompt: Record<string, unknown> = {};
	prompt['self'] = prompt;
	const error = await failureOf(() => readPrompt(itemRun({ prompt })));
	expect(error).toBeInstanceOf(NodeOperationError);
	expect((error as Error).message).toBe("'Prompt' cannot be written as JSON");
});
