import { type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { failureOf } from '../../test/support/failure.mts';
import { NODE, strict } from '../../test/support/strictContext.mts';
import { operations } from '../AiChats/operations/index.ts';
import type { FieldPlace } from './fields.ts';
import { definitionsByName, optionsCollection, readOption, readOptions } from './options.ts';
import { PROVIDER_NAMES, providerEntry } from './providers.ts';

const PLACE = {
	context: strict<FieldPlace['context']>('context', { getNode: () => NODE }),
	itemIndex: 5,
};

const COUNT: INodeProperties = {
	displayName: 'Max Retries',
	name: 'maxRetries',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
	default: 2,
};
const SHARE: INodeProperties = { ...COUNT, typeOptions: { minValue: 0.5, numberPrecision: 2 } };
const ANY: INodeProperties = { ...COUNT, typeOptions: {} };
const SWITCH: INodeProperties = { ...COUNT, displayName: 'Native', type: 'boolean' };
const TEXTS: INodeProperties = {
	...COUNT,
	displayName: 'Stop Sequences',
	type: 'string',
	typeOptions: { multipleValues: true },
};

const read = (definition: INodeProperties, value: unknown) => readOption(PLACE, definition, value);

describe('a number', () => {
	test.each([
		[COUNT, 0, 0],
		[COUNT, 10, 10],
		[COUNT, '7', 7],
		[COUNT, ' 7 ', 7],
		[SHARE, 0.75, 0.75],
		[SHARE, 1e300, 1e300],
		[ANY, -3.5, -3.5],
	])('of %o may be %j', (definition, value, number) => {
		expect(read(definition, value)).toBe(number);
	});

	test.each([[undefined], [null], ['']])('%j is not set', (value) => {
		expect(read(COUNT, value)).toBeUndefined();
	});

	test.each([
		[COUNT, 'two', '\'Max Retries\' must be a whole number from 0 to 10, but is "two"'],
		[COUNT, NaN, "'Max Retries' must be a whole number from 0 to 10, but is NaN"],
		[COUNT, Infinity, "'Max Retries' must be a whole number from 0 to 10, but is Infinity"],
		[COUNT, 1e9, "'Max Retries' must be a whole number from 0 to 10, but is 1000000000"],
		[COUNT, -1, "'Max Retries' must be a whole number from 0 to 10, but is -1"],
		[COUNT, 2.5, "'Max Retries' must be a whole number from 0 to 10, but is 2.5"],
		[COUNT, {}, "'Max Retries' must be a whole number from 0 to 10, but is an object"],
		[COUNT, [3], "'Max Retries' must be a whole number from 0 to 10, but is a list"],
		[COUNT, true, "'Max Retries' must be a whole number from 0 to 10, but is true"],
		[COUNT, ' ', '\'Max Retries\' must be a whole number from 0 to 10, but is " "'],
		[SHARE, 0.4, "'Max Retries' must be a number of at least 0.5, but is 0.4"],
		[ANY, '1e999', '\'Max Retries\' must be a number, but is "1e999"'],
	])('of %o may not be %j', async (definition, value, message) => {
		const error = await failureOf(() => read(definition, value));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({ message, context: { itemIndex: 5 } });
		expect((error as NodeOperationError).description).toContain('remove the option');
	});

	test('long text is quoted in part', async () => {
		const error = await failureOf(() => read(COUNT, 'x'.repeat(1000)));
		expect((error as Error).message.length).toBeLessThan(120);
	});
});

describe('a switch', () => {
	test.each([
		[true, true],
		['true', true],
		[false, false],
		['false', false],
		['', undefined],
	])('%j is %j', (value, result) => {
		expect(read(SWITCH, value)).toBe(result);
	});

	test.each([[0], [1], ['no'], [{}]])('%j is neither on nor off', async (value) => {
		const error = await failureOf(() => read(SWITCH, value));
		expect((error as Error).message).toContain("'Native' must be true or false, but is");
	});
});

describe('a list of texts', () => {
	test.each([
		[
			['END', '\n'],
			['END', '\n'],
		],
		['END', ['END']],
		[7, ['7']],
		[
			['a', 1],
			['a', '1'],
		],
	])('%j is %j', (value, texts) => {
		expect(read(TEXTS, value)).toEqual(texts);
	});

	test.each([[{}], [[{}]], [[null]]])('%j is none', async (value) => {
		const error = await failureOf(() => read(TEXTS, value));
		expect((error as Error).message).toMatch(/^'Stop Sequences' must be a list of texts, but is/);
	});
});

test('only the options that are defined are read, each as its definition asks', () => {
	const definitions = definitionsByName([COUNT]);
	expect(readOptions(PLACE, definitions, { maxRetries: '3', temperature: 'hot' })).toEqual({
		maxRetries: 3,
	});
});

test.each([[undefined], [null], [{}]])('%j holds no options', (values) => {
	expect(readOptions(PLACE, definitionsByName([COUNT]), values)).toEqual({});
});

test('a collection is sorted by name, its definitions stay as they are', () => {
	const given = [TEXTS, COUNT];
	const { options } = optionsCollection(given);
	expect(options).toEqual([COUNT, TEXTS]);
	expect(given).toEqual([TEXTS, COUNT]);
});

const NUMBERS = PROVIDER_NAMES.flatMap((name) =>
	Object.values(operations).flatMap(({ optionsOf }) => [...optionsOf(providerEntry(name))]),
).filter(({ type }) => type === 'number');

// A limit without a maximum can be switched off by a large number, a count without precision by a fraction.
test.each([...new Map(NUMBERS.map((field) => [field.name, field])).values()])(
	'$displayName says which numbers it takes, its default among them',
	async (field) => {
		expect(field.typeOptions?.numberPrecision).toBeTypeOf('number');
		expect(read(field, field.default)).toBe(field.default);
		for (const value of [NaN, Infinity, -Infinity, 'text', {}, [], true]) {
			expect(await failureOf(() => read(field, value))).toBeInstanceOf(NodeOperationError);
		}
	},
);
