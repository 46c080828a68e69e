import { NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { itemRun } from '../../../test/support/itemRun.mts';
import { readResponseFormat } from './responseFormat.ts';

function read(parameters: Record<string, unknown>) {
	return readResponseFormat(itemRun(parameters));
}

test.each([[{}], [{ responseFormat: 'text' }]])('%j is text', (parameters) => {
	expect(read(parameters)).toEqual({ type: 'text' });
});

test('an object of any shape', () => {
	expect(read({ responseFormat: 'object' })).toEqual({ type: 'json_object' });
});

test('an example becomes a schema', () => {
	expect(read({ responseFormat: 'example', jsonExample: '{"a":1}' })).toMatchObject({
		type: 'json_schema',
		name: 'answer',
		schema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
	});
});

test('a schema is taken as it is', () => {
	const jsonSchema = { type: 'object' };
	expect(read({ responseFormat: 'schema', jsonSchema })).toEqual({
		type: 'json_schema',
		name: 'answer',
		schema: jsonSchema,
	});
});

test.each([
	[{ responseFormat: 'schema', jsonSchema: '[]' }],
	[{ responseFormat: 'schema', jsonSchema: '{' }],
	[{ responseFormat: 'example', jsonExample: '{' }],
])('%j is refused', (parameters) => {
	expect(() => read(parameters)).toThrow(NodeOperationError);
});

test.each([
	['example', 'jsonExample', 'JSON Example'],
	['schema', 'jsonSchema', 'JSON Schema'],
])('a %s that is nested too deep is refused by its name', (responseFormat, field, label) => {
	const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
	expect(() => read({ responseFormat, [field]: deep })).toThrow(`'${label}' is nested more than`);
});

test('an unknown format is refused', () => {
	expect(() => read({ responseFormat: 'xml' })).toThrow("There is no response format 'xml'");
});

test('a strict schema says so, any other does not', () => {
	const format = { responseFormat: 'schema', jsonSchema: '{}' };
	expect(read({ ...format, strictSchema: true })).toMatchObject({ strict: true });
	expect(read({ ...format, strictSchema: 'true' })).toMatchObject({ strict: true });
	expect(() => read({ ...format, strictSchema: 'yes' })).toThrow("'Strict Schema' must be");
	expect(read({ ...format, strictSchema: false })).not.toHaveProperty('strict');
});

test.each([
	['JSON Example', 'example', 'jsonExample'],
	['JSON Schema', 'schema', 'jsonSchema'],
])('a %s that is nested too deep is refused by name', (label, responseFormat, field) => {
	const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
	expect(() => read({ responseFormat, [field]: deep })).toThrow(`'${label}' is nested`);
});
