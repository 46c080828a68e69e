import { expect, test } from 'vitest';

import { fillSchema } from '../../dev/service/openai/structured.mts';

test.for([
	[{ type: 'string', minLength: 8 }, 'words...'],
	[{ type: 'string', maxLength: 2 }, 'wo'],
	[{ type: 'string', format: 'date' }, '2024-05-17'],
	[{ type: 'integer', minimum: 30 }, 30],
	[{ type: 'boolean' }, true],
	[{ type: ['null', 'string'] }, null],
	[{ enum: ['b', 'c'] }, 'b'],
	[{ const: 0 }, 0],
	[{ anyOf: [{ type: 'number', maximum: 3 }] }, 3],
	[{ type: 'array', items: { type: 'string' }, minItems: 2 }, ['words', 'words']],
	[{ properties: { a: {}, b: { type: 'object' } } }, { a: 'words', b: {} }],
] as const)('%j', ([schema, expected]) => {
	expect(fillSchema(schema, 'words')).toEqual(expected);
});

test('references are followed, and recursion ends', () => {
	const node = {
		type: 'object',
		properties: { name: { type: 'string' }, next: { $ref: '#/$defs/node' } },
		required: ['name'],
	};
	const filled = fillSchema({ $ref: '#/$defs/node', $defs: { node } }, 'words');
	expect(filled).toMatchObject({ name: 'words', next: { name: 'words' } });
	const endless = { $ref: '#/$defs/node', $defs: { node: { ...node, required: ['next'] } } };
	expect(JSON.stringify(fillSchema(endless, 'words')).length).toBeLessThan(500);
});
