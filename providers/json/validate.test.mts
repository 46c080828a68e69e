import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { checkSchema, schemaFault } from './validate.ts';

const TREE = {
	$defs: {
		'a/b~': {
			type: 'object',
			properties: { next: { $ref: '#/$defs/a~1b~0' } },
			additionalProperties: false,
		},
	},
	$ref: '#/$defs/a~1b~0',
};

describe('fits', () => {
	test.each<[value: unknown, schema: unknown]>([
		[1, true],
		[1, {}],
		[1, null],
		[1, { type: 'integer' }],
		[1, { type: ['string', 'number'] }],
		[null, { type: 'null' }],
		['b', { enum: ['a', 'b'] }],
		[{ b: 2, a: [1] }, { const: { a: [1], b: 2 } }],
		[{ x: 1 }, { required: ['x'], properties: { x: { type: 'number' } } }],
		[{ y: 1 }, { additionalProperties: { type: 'number' } }],
		[{ x1: 1 }, { patternProperties: { '^x': { type: 'number' } }, additionalProperties: false }],
		[[1, 'a'], { prefixItems: [{ type: 'number' }, { type: 'string' }], items: false }],
		[[1, 2], { minItems: 2, maxItems: 2 }],
		['😀', { minLength: 1, maxLength: 1 }],
		['ab', { pattern: '^a' }],
		['ab', { pattern: '(' }],
		[5, { minimum: 5, maximum: 5, exclusiveMinimum: 4, exclusiveMaximum: 6 }],
		['a', { anyOf: [{ type: 'number' }, { type: 'string' }] }],
		['a', { oneOf: [{ type: 'number' }, { type: 'string' }] }],
		['a', { anyOf: [] }],
		['a', { allOf: [{ type: 'string' }, { minLength: 1 }] }],
		[{ next: { next: {} } }, TREE],
		['a', { $ref: '#/nowhere' }],
		['a', { $ref: 'https://a.example/schema' }],
		['a', { unheardOf: 7 }],
		// What a name cannot be made of: String() of these throws.
		['a', { type: { toString: 0 } }],
		[{ a: 1 }, { required: [{ toString: 0 }] }],
	])('%j fits %j', (value, schema) => {
		expect(schemaFault(value, schema)).toBeUndefined();
	});
});

describe('does not fit', () => {
	test.each<[value: unknown, schema: unknown, fault: string]>([
		[1, false, 'the answer is not allowed'],
		[1.5, { type: 'integer' }, 'the answer must be integer'],
		[null, { type: 'object' }, 'the answer must be object'],
		[[], { type: ['object', 'null'] }, 'the answer must be object or null'],
		['c', { enum: ['a', 'b'] }, 'the answer must be one of "a", "b"'],
		[{ a: 2 }, { const: { a: 1 } }, 'the answer must be one of {"a":1}'],
		[{}, { required: ['x'] }, "the answer lacks 'x'"],
		[
			{ a: [{ b: 'x' }] },
			{ properties: { a: { items: { properties: { b: { type: 'number' } } } } } },
			'the answer.a[0].b must be number',
		],
		[
			{ y: 1 },
			{ properties: { x: {} }, additionalProperties: false },
			'the answer.y is not allowed',
		],
		[
			{ toString: 1 },
			{ properties: {}, additionalProperties: false },
			'the answer.toString is not allowed',
		],
		[
			{ x1: 1 },
			{ patternProperties: { '^x': { type: 'string' } } },
			'the answer.x1 must be string',
		],
		[
			{ y: 1 },
			{ patternProperties: { '^x': {} }, additionalProperties: false },
			'the answer.y is not allowed',
		],
		[['a'], { prefixItems: [{ type: 'number' }] }, 'the answer[0] must be number'],
		[[1, 2], { prefixItems: [{}], items: false }, 'the answer[1] is not allowed'],
		[[1], { minItems: 2 }, 'the answer must have at least 2 entries'],
		[[1], { maxItems: 0 }, 'the answer must have at most 0 entries'],
		['', { minLength: 1 }, 'the answer is too short'],
		['ab', { maxLength: 1 }, 'the answer is too long'],
		['b', { pattern: '^a' }, 'the answer must match ^a'],
		[4, { minimum: 5 }, 'the answer is below 5'],
		[6, { maximum: 5 }, 'the answer is above 5'],
		[5, { exclusiveMinimum: 5 }, 'the answer must be above 5'],
		[5, { exclusiveMaximum: 5 }, 'the answer must be below 5'],
		[true, { anyOf: [{ type: 'number' }, { type: 'string' }] }, 'the answer must be number'],
		['', { allOf: [{ type: 'string' }, { minLength: 1 }] }, 'the answer is too short'],
		[{ next: { other: 1 } }, TREE, 'the answer.next.other is not allowed'],
	])('%j does not fit %j', (value, schema, fault) => {
		expect(schemaFault(value, schema)).toBe(fault);
	});
});

test.each([
	{ $ref: '#' },
	{ allOf: [{ $ref: '#' }] },
	{ anyOf: [{ $ref: '#' }, { $ref: '#' }] },
	{ oneOf: [{ allOf: [{ $ref: '#' }, { $ref: '#' }] }, { $ref: '#' }] },
])('%j, which refers to itself without end, forbids nothing', (schema) => {
	expect(schemaFault({ a: 1 }, schema)).toBeUndefined();
});

test('values of any depth are checked without an overflow', () => {
	const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
	expect(
		schemaFault(deep, { $ref: '#/$defs/a', $defs: { a: { items: { $ref: '#/$defs/a' } } } }),
	).toBeUndefined();
});

test('a value fits itself and no other', () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.jsonValue(), (first, second) => {
			const [a, b] = JSON.parse(JSON.stringify([first, second])) as [unknown, unknown];
			expect(schemaFault(a, { const: a })).toBeUndefined();
			expect(schemaFault(b, { const: a }) === undefined).toBe(
				JSON.stringify(a) === JSON.stringify(b),
			);
		}),
	);
});

test('whatever the schema, nothing is thrown', () => {
	const keyword = fc.constantFrom(
		'type',
		'enum',
		'required',
		'properties',
		'items',
		'anyOf',
		'pattern',
		'$ref',
		'minLength',
		'patternProperties',
		'prefixItems',
	);
	const schema = fc.dictionary(keyword, fc.oneof(fc.jsonValue(), fc.constant('#')));
	fc.assert(
		fc.property(fc.jsonValue(), schema, (value, rules) => {
			expect(['string', 'undefined']).toContain(typeof schemaFault(value, rules));
		}),
		{ numRuns: 2000 },
	);
});

test.each([
	[[1, 2, 1], false],
	[
		[
			{ a: 1, b: 2 },
			{ b: 2, a: 1 },
		],
		false,
	],
	[[1, '1', true, 'true', null, 'null'], true],
	[['{"a":1}', { a: 1 }], true],
])('entries of %j are unique: %s', (value, isUnique) => {
	expect(schemaFault(value, { uniqueItems: true }) === undefined).toBe(isUnique);
});

test.each([
	['texts', (index: number) => `entry ${index}`],
	['objects', (index: number) => ({ entry: index })],
	['numbers', (index: number) => index],
])('among 5,000 different %s, one that comes twice is found wherever it is', (_what, entry) => {
	const entries = Array.from({ length: 5_000 }, (_, index): unknown => entry(index));
	expect(schemaFault(entries, { uniqueItems: true })).toBeUndefined();
	for (const index of [0, 1, 2_500, 4_998]) {
		const twice = entries.with(4_999, entry(index));
		expect(schemaFault(twice, { uniqueItems: true })).toBe(
			'the answer must not hold the same entry twice',
		);
	}
});

test('an enum tells values from texts that look like them', () => {
	expect(schemaFault('1', { enum: [1] })).toBe('the answer must be one of 1');
	expect(schemaFault('[1]', { enum: [[1]] })).toBe('the answer must be one of [1]');
	expect(schemaFault([1], { enum: [[1]] })).toBeUndefined();
});

test('a reference into a list is followed', () => {
	const schema = { anyOf: [{ type: 'string' }, { items: { $ref: '#/anyOf/0' }, type: 'array' }] };
	expect(schemaFault(['a'], schema)).toBeUndefined();
	expect(schemaFault([1], schema)).toBe('the answer must be string');
});

describe('what cannot be checked is named, and forbids nothing', () => {
	test.each<[string, unknown, unknown, string]>([
		['a look-ahead', 'a', { pattern: '^(?=b)' }, 'the pattern ^(?=b)'],
		['a back-reference', 'ab', { pattern: '(.)\\1' }, 'the pattern (.)\\1'],
		['a reference to nothing', 1, { $ref: '#/nowhere' }, 'the reference #/nowhere'],
	])('%s', (_what, value, schema, part) => {
		expect(checkSchema(value, schema)).toEqual({ fault: undefined, unchecked: [part] });
	});

	test('nothing is named where all was checked', () => {
		const schema = { type: 'string', pattern: '^(a|b)+$' };
		expect(checkSchema('abba', schema)).toEqual({ fault: undefined, unchecked: [] });
	});
});
