import { describe, expect, test } from 'vitest';

import { readModel } from '../../../../../nodes/AiChats/input/readModel.ts';
import { itemRun } from '../../../../support/itemRun.mts';

test.each([
	['gpt-4', 'gpt-4'],
	[' gpt-4 ', 'gpt-4'],
	[4, '4'],
])('%j is the model %j', (value, model) => {
	expect(readModel(itemRun({ model: value }), 'chat')).toBe(model);
});

describe.each(['', ' ', null, undefined])('When the field is %j', (value) => {
	test.each([
		['aiChats', 'chat', 'gpt-4'],
		['aiChats', 'image', 'dalle'],
		['openAiCompatible', 'chat', 'gpt-4o-mini'],
		['openAiCompatible', 'image', 'gpt-image-1'],
	] as const)("the default of %s for '%s' is asked", (provider, kind, model) => {
		expect(readModel(itemRun({ provider, model: value }), kind)).toBe(model);
	});
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
	expect(readModel(run, 'image')).toBe('dalle');
	expect(options).toEqual([{ extractValue: true }]);
});
