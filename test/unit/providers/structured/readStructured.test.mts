import { expect, test } from 'vitest';

import { readStructured } from '../../../../providers/structured/readStructured.ts';

const SCHEMA = {
	type: 'json_schema' as const,
	name: 'x',
	schema: { type: 'object', required: ['a'] },
};

test('what fits comes out', () => {
	expect(readStructured('{"a":1}', SCHEMA)).toEqual({ ok: true, value: { a: 1 } });
	expect(readStructured('```\n{}\n```', { type: 'json_object' })).toEqual({ ok: true, value: {} });
	expect(readStructured('[7]', { type: 'text' })).toEqual({ ok: true, value: [7] });
});

test.each([
	['{}', SCHEMA, "the answer lacks 'a'"],
	['[{"a":1}]', SCHEMA, 'the answer must be object'],
	['[]', { type: 'json_object' as const }, 'the answer must be object'],
	['null', { type: 'json_object' as const }, 'the answer must be object'],
])('%j does not fit %j', (answer, format, reason) => {
	expect(readStructured(answer, format)).toEqual({ ok: false, reason });
});

test('what is no JSON says so', () => {
	expect(readStructured('No.', SCHEMA)).toMatchObject({
		ok: false,
		reason: expect.stringContaining('not JSON') as string,
	});
});
