import { NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { failureOf } from '../../test/support/failure.mts';
import { itemRun } from '../../test/support/itemRun.mts';
import { asFieldText, readJson, readJsonObject, toJson } from './fields.ts';

const RUN = itemRun({}, {}, 5);

test.each([
	[' a b ', 'a b'],
	['', ''],
	[undefined, ''],
	[null, ''],
	[0, '0'],
	[1.5, '1.5'],
	[false, 'false'],
	[7n, '7'],
])('%o is the text %j', (value, text) => {
	expect(asFieldText(RUN, 'System Message', value)).toBe(text);
});

test.each([[{}], [[]], [['a']], [new Date(0)]])(
	'%j is refused by the field’s name',
	async (value) => {
		const error = await failureOf(() => asFieldText(RUN, 'System Message', value));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: "'System Message' is not text",
			context: { itemIndex: 5 },
		});
	},
);

test('text is parsed, what an expression gave stays', () => {
	expect(readJson(RUN, 'Extra Body', '{"a":[1]}')).toEqual({ a: [1] });
	const value = { a: 1 };
	expect(readJson(RUN, 'Extra Body', value)).toBe(value);
});

test('text that is no JSON is refused by the field’s name', async () => {
	const error = await failureOf(() => readJson(RUN, 'Extra Body', '{ broken'));
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error).toMatchObject({
		message: "'Extra Body' is not valid JSON",
		context: { itemIndex: 5 },
	});
});

test('an object is an object, an empty text is an empty one', () => {
	expect(readJsonObject(RUN, 'Extra Body', '{"a":1}')).toEqual({ a: 1 });
	expect(readJsonObject(RUN, 'Extra Body', '')).toEqual({});
});

test.each([['[]'], ['null'], ['7'], [[]], [null], [7]])('%j is no object', async (value) => {
	const error = await failureOf(() => readJsonObject(RUN, 'Extra Body', value));
	expect((error as Error).message).toBe("'Extra Body' is not a JSON object");
});

test('an object whose fields share a value over and over is refused before it takes for ever', async () => {
	let shared: Record<string, unknown> = {};
	for (let level = 0; level < 60; level++) shared = { left: shared, right: shared };
	const read = await failureOf(() => readJsonObject(RUN, 'Extra Body', shared));
	expect((read as Error).message).toBe("'Extra Body' holds more than 1000000 values");
	const written = await failureOf(() => toJson(RUN, 'Prompt', shared));
	expect((written as Error).message).toBe("'Prompt' cannot be written as JSON");
});

test('an object that contains itself, or is nested too deep for whoever reads it, is refused by the field’s name', async () => {
	const cyclic: Record<string, unknown> = {};
	cyclic['self'] = cyclic;
	const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
	for (const value of [cyclic, deep]) {
		const error = await failureOf(() => readJsonObject(RUN, 'Extra Body', value));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect((error as Error).message).toBe("'Extra Body' is nested more than 200 levels deep");
	}
	const allowed = `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`;
	expect(JSON.stringify(readJsonObject(RUN, 'Extra Body', allowed))).toBe(allowed);
});
