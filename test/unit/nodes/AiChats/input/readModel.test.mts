import { expect, test } from 'vitest';

import { readModel } from '../../../../../nodes/AiChats/input/readModel.ts';
import { itemRun } from '../../../../support/itemRun.mts';

test.each([
	['gpt-4', 'gpt-4'],
	[' gpt-4 ', 'gpt-4'],
	['', ''],
	[null, ''],
	[undefined, ''],
	[4, '4'],
])('%j is the model %j', (value, model) => {
	expect(readModel(itemRun({ model: value }))).toBe(model);
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
	expect(readModel(run)).toBe('dalle');
	expect(options).toEqual([{ extractValue: true }]);
});
