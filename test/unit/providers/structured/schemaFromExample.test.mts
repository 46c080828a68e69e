import fc from 'fast-check';
import { expect, test } from 'vitest';

import { schemaFromExample } from '../../../../providers/structured/schemaFromExample.ts';
import { schemaFault } from '../../../../providers/structured/validate.ts';

test.each([
	['x', { type: 'string' }],
	[1.5, { type: 'number' }],
	[true, { type: 'boolean' }],
	[null, {}],
	[[], { type: 'array' }],
	[[1, 2], { type: 'array', items: { type: 'number' } }],
	[[1, 'a'], { type: 'array', items: { anyOf: [{ type: 'number' }, { type: 'string' }] } }],
])('%j becomes %j', (example, schema) => {
	expect(schemaFromExample(example)).toEqual(schema);
});

test('of an object every field is required and no other is allowed', () => {
	expect(schemaFromExample({ name: 'x', tags: ['y'] })).toEqual({
		type: 'object',
		properties: { name: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
		required: ['name', 'tags'],
		additionalProperties: false,
	});
});

test('any JSON value fits the schema made from it', () => {
	fc.assert(
		fc.property(fc.jsonValue(), (example) => {
			const value = JSON.parse(JSON.stringify(example)) as unknown;
			expect(schemaFault(value, schemaFromExample(value))).toBeUndefined();
		}),
		{ numRuns: 500 },
	);
});

test('an object with a field more or less does not fit', () => {
	const example = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
	fc.assert(
		fc.property(example, (written) => {
			const value = JSON.parse(JSON.stringify(written)) as Record<string, unknown>;
			const schema = schemaFromExample(value);
			const names = Object.keys(value);
			const less = Object.fromEntries(Object.entries(value).slice(1));
			expect(schemaFault(less, schema)).toContain('lacks');
			expect(schemaFault({ ...value, [`${names.join('')}x`]: 1 }, schema)).toContain('not allowed');
		}),
	);
});
