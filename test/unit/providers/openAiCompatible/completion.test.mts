import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ProviderError } from '../../../../providers/errors.ts';
import {
	completionChunks,
	refusalText,
} from '../../../../providers/openAiCompatible/completion.ts';
import { ToolCallIds } from '../../../../providers/openAiCompatible/ToolCallIds.ts';

function chunksOf(completion: Record<string, unknown>) {
	return [...completionChunks(completion, new ToolCallIds())];
}

const CALL = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } };

test.each(['message', 'delta'])('a %s comes out as chunks in their order', (field) => {
	const said = { reasoning_content: 'Hm', content: 'Hi', tool_calls: [CALL] };
	const completion = {
		model: 'm',
		choices: [{ [field]: said, finish_reason: 'stop' }],
		usage: { total_tokens: 3 },
	};
	expect(chunksOf(completion)).toEqual([
		{ type: 'model', model: 'm' },
		{ type: 'reasoning', text: 'Hm' },
		{ type: 'text', text: 'Hi' },
		{ type: 'toolCall', delta: { index: 0, id: 'a', name: 'f', arguments: '{}' } },
		{ type: 'finish', reason: 'stop' },
		{ type: 'usage', usage: { totalTokens: 3 } },
	]);
});

test.each([
	['as parts', { delta: { content: [{ type: 'text', text: 'a' }, { text: 'b' }, null, 7] } }, 'ab'],
	['of a plain completion', { text: 'ab' }, 'ab'],
	['of a plain completion, with empty content', { delta: { content: '' }, text: 'ab' }, 'ab'],
	['of white space only', { delta: { content: ' \n' } }, ' \n'],
])('text %s is text', (_form, choice, text) => {
	expect(chunksOf({ choices: [choice] })).toEqual([{ type: 'text', text }]);
});

test('reasoning under its other name', () => {
	const choices = [{ delta: { reasoning: 'Hm', content: null } }];
	expect(chunksOf({ choices })).toEqual([{ type: 'reasoning', text: 'Hm' }]);
});

test.each([
	{},
	{ choices: [] },
	{ choices: null },
	{ choices: [null] },
	{ choices: [{}] },
	{ choices: [{ delta: {}, finish_reason: null }], usage: null },
	{ choices: [{ delta: { content: '', refusal: null, tool_calls: [] } }] },
	{ choices: 'x', model: 7, usage: [] },
])('%j holds nothing', (completion) => {
	expect(chunksOf(completion)).toEqual([]);
});

test.each(['message', 'delta'])('the words of a refusal are found in a %s', (field) => {
	const refusing = { choices: [{ [field]: { content: null, refusal: 'No.' } }] };
	expect(refusalText(refusing)).toBe('No.');
	expect(chunksOf(refusing)).toEqual([]);
});

test.each([{}, { choices: [] }, { choices: [{ delta: { refusal: null } }] }])(
	'%j refuses nothing',
	(completion) => {
		expect(refusalText(completion)).toBe('');
	},
);

test('with any fields missing or of any type, nothing but a ProviderError is thrown', () => {
	const any = fc.jsonValue({ maxDepth: 2 });
	const some = <T,>(arbitrary: fc.Arbitrary<T>) => fc.oneof(arbitrary, any);
	const record = (fields: Record<string, fc.Arbitrary<unknown>>) =>
		some(fc.record(fields, { requiredKeys: [] }));
	const toolCall = record({ index: any, id: any, function: record({ name: any, arguments: any }) });
	const said = record({
		content: any,
		refusal: any,
		reasoning: any,
		tool_calls: some(fc.array(toolCall, { maxLength: 3 })),
	});
	const choice = record({ delta: said, message: said, text: any, finish_reason: any });
	const completion = fc.record(
		{ model: any, usage: any, choices: some(fc.array(choice, { maxLength: 2 })) },
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(completion, (value) => {
			try {
				expect(refusalText(value)).toBeTypeOf('string');
				for (const chunk of chunksOf(value)) expect(chunk.type).toBeTypeOf('string');
			} catch (error) {
				expect(error).toBeInstanceOf(ProviderError);
			}
		}),
		{ numRuns: 500 },
	);
});
