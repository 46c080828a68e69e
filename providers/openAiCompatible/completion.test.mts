import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../errors.ts';
import { completionChunks, readUsage, refusalText, ToolCallIds } from './completion.ts';

interface Fragment {
	index?: number;
	id?: string;
	name?: string;
	args?: unknown;
}

function call({ index, id, name, args = '' }: Fragment) {
	return { index, id, function: { name, arguments: args } };
}

/** The deltas of several chunks, each with these fragments. */
function told(...chunks: Fragment[][]) {
	const ids = new ToolCallIds();
	return chunks.flatMap((fragments) => ids.deltas(fragments.map(call)));
}

test('every fragment has the id of the first', () => {
	expect(told([{ index: 0, id: 'a', name: 'f' }], [{ index: 0, args: '{"x"' }])).toEqual([
		{ index: 0, id: 'a', name: 'f', arguments: '' },
		{ index: 0, id: 'a', arguments: '{"x"' },
	]);
});

test('calls whose fragments alternate stay apart', () => {
	const first = [
		{ index: 0, id: 'a', name: 'f' },
		{ index: 1, id: 'b', name: 'g' },
	];
	const deltas = told(first, [{ index: 1, args: '1' }], [{ index: 0, args: '2' }]);
	expect(deltas.map(({ id, arguments: part }) => id + part)).toEqual(['a', 'b', 'b1', 'a2']);
});

describe('servers with habits of their own', () => {
	test('no id at all: one is made', () => {
		const deltas = told([{ index: 2, name: 'f' }], [{ index: 2, args: '{}' }]);
		expect(deltas.map(({ id }) => id)).toEqual(['call_2', 'call_2']);
	});

	test('no index: the place in the list counts', () => {
		const deltas = told([
			{ id: 'a', name: 'f' },
			{ id: 'b', name: 'g' },
		]);
		expect(deltas.map(({ index, id }) => [index, id])).toEqual([
			[0, 'a'],
			[1, 'b'],
		]);
	});

	test('every call has the index 0: a name with another id begins another call', () => {
		const deltas = told(
			[{ index: 0, id: 'a', name: 'f', args: '1' }],
			[{ index: 0, id: 'b', name: 'f', args: '2' }],
			[{ index: 0, args: '3' }],
		);
		expect(deltas.map(({ index, id }) => [index, id])).toEqual([
			[0, 'a'],
			[1, 'b'],
			[1, 'b'],
		]);
	});

	test('another id with each fragment: without a name it is the same call', () => {
		const deltas = told([{ index: 0, id: 'a', name: 'f' }], [{ index: 0, id: 'z', args: '1' }]);
		expect(deltas.map(({ id }) => id)).toEqual(['a', 'a']);
	});

	test('the name with each fragment: it is the same call', () => {
		const fragment = { index: 0, id: 'a', name: 'f' };
		expect(told([fragment], [fragment]).map(({ index }) => index)).toEqual([0, 0]);
		const nameless = { index: 0, name: 'f' };
		expect(told([fragment], [nameless]).map(({ id }) => id)).toEqual(['a', 'a']);
	});

	test('arguments as an object become its JSON, null nothing', () => {
		const deltas = told([{ index: 0, args: { x: 1 } }], [{ index: 0, args: null }]);
		expect(deltas.map(({ arguments: part }) => part)).toEqual(['{"x":1}', '']);
	});
});

test.each([undefined, null, {}, 'x', 7, []])('%j holds no calls', (value) => {
	expect(new ToolCallIds().deltas(value)).toEqual([]);
});

test('whatever a service sends, every delta has an index, an id and arguments', () => {
	fc.assert(
		fc.property(fc.array(fc.array(fc.jsonValue())), (chunks) => {
			const ids = new ToolCallIds();
			for (const delta of chunks.flatMap((chunk) => ids.deltas(chunk))) {
				expect(delta).toMatchObject({
					index: expect.any(Number) as number,
					id: expect.stringMatching(/./) as string,
					arguments: expect.any(String) as string,
				});
			}
		}),
	);
});

test('however the fragments of calls are interleaved, each call gets its own arguments', () => {
	const piece = fc.record({ index: fc.nat(3), args: fc.string() });
	fc.assert(
		fc.property(fc.array(piece), (pieces) => {
			const begun = [0, 1, 2, 3].map((index) => ({ index, id: `id${index}`, name: 'f' }));
			const deltas = told(begun, ...pieces.map((fragment) => [fragment]));
			for (const { index, id } of begun) {
				const sent = pieces.filter((fragment) => fragment.index === index);
				const received = deltas.filter((delta) => delta.id === id);
				expect(received.map(({ arguments: part }) => part).join('')).toBe(
					sent.map(({ args }) => args).join(''),
				);
			}
		}),
	);
});

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

test('chat’s usage in our words', () => {
	const usage = readUsage({
		prompt_tokens: 10,
		completion_tokens: 5,
		total_tokens: 15,
		prompt_tokens_details: { cached_tokens: 4 },
		completion_tokens_details: { reasoning_tokens: 2 },
	});
	expect(usage).toEqual({
		promptTokens: 10,
		completionTokens: 5,
		totalTokens: 15,
		cachedTokens: 4,
		reasoningTokens: 2,
	});
});

test('the usage of images in our words', () => {
	const usage = readUsage({
		input_tokens: 50,
		output_tokens: 1056,
		total_tokens: 1106,
		input_tokens_details: { text_tokens: 50, image_tokens: 0, cached_tokens: 1 },
	});
	expect(usage).toEqual({
		promptTokens: 50,
		completionTokens: 1056,
		totalTokens: 1106,
		cachedTokens: 1,
	});
});

test('zero is told, null and text are not', () => {
	expect(readUsage({ prompt_tokens: 0, completion_tokens: null, total_tokens: '7' })).toEqual({
		promptTokens: 0,
	});
});

test.each([undefined, null, 7, 'x', [], {}, { cost: 1 }, { prompt_tokens_details: null }])(
	'%j tells nothing',
	(value) => {
		expect(readUsage(value)).toBeUndefined();
	},
);

test('whatever a service sends, what comes out are numbers', () => {
	const field = fc.constantFrom('prompt_tokens', 'output_tokens', 'total_tokens');
	fc.assert(
		fc.property(fc.dictionary(field, fc.jsonValue()), (value) => {
			for (const tokens of Object.values(readUsage(value) ?? {}))
				expect(tokens).toBeTypeOf('number');
		}),
	);
});
