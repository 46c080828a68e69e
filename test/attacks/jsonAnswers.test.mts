import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { describe, expect, test } from 'vitest';

import { collectReply, emptyReply, withPartialText } from '../../providers/collectReply.ts';
import { readStructured, structuredReply } from '../../providers/json/structuredReply.ts';
import { checkSchema, schemaFault } from '../../providers/json/validate.ts';
import type { ProviderChunk, ResponseFormat } from '../../providers/types.ts';
import { schemaFromExample } from '../../providers/json/structuredReply.ts';

/** Far above what these take, far below what a hang takes. */
const GUARD = 60_000;
const OBJECT: ResponseFormat = { type: 'json_object' };
const TEN_MEGABYTES = 10_000_000;

describe('no answer of 10 MB blocks the search for JSON', { timeout: GUARD }, () => {
	test.each([
		['a fence that never ends', '```' + 'a'.repeat(TEN_MEGABYTES)],
		['a fence of spaces', '```' + ' '.repeat(TEN_MEGABYTES)],
		['backquotes', '`'.repeat(TEN_MEGABYTES)],
		['opening braces', '{'.repeat(TEN_MEGABYTES)],
		['empty objects', '{}'.repeat(TEN_MEGABYTES / 2)],
		['nested lists', '[1,'.repeat(TEN_MEGABYTES / 3)],
		['quotes and brackets', '[{"'.repeat(TEN_MEGABYTES / 3)],
		['escapes', `{"${'\\"'.repeat(TEN_MEGABYTES / 2)}`],
		['commas', `[${','.repeat(TEN_MEGABYTES)}]`],
	])('%s', (_what, answer) => {
		const start = performance.now();
		readStructured(answer, { type: 'json_schema', name: 'x', schema: { required: ['never'] } });
		expect(performance.now() - start).toBeLessThan(GUARD / 2);
	});
});

function shared(levels: number): object {
	let schema: object = { type: 'number' };
	for (let level = 0; level < levels; level++) schema = { anyOf: [schema, schema] };
	return schema;
}

function references(levels: number): object {
	const names = Array.from({ length: levels }, (_, index) => [
		`d${index}`,
		{ anyOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
	]);
	const last = [`d${levels}`, { type: 'number' }];
	return { $defs: Object.fromEntries([...names, last]) as object, $ref: '#/$defs/d0' };
}

const NUMBERS = Array.from({ length: 10_000 }, (_, index) => index);

describe('no schema blocks the check of an answer', { timeout: GUARD }, () => {
	test.each([
		[
			'an e-mail pattern that backtracks',
			'a'.repeat(45),
			{ pattern: '^([a-zA-Z0-9_\\.\\-]+)+@example\\.com$' },
		],
		['nested repetitions', 'a'.repeat(100_000), { pattern: '^(a+)+$b' }],
		[
			'such a pattern for names',
			{ ['a'.repeat(45) + '!']: 1 },
			{ patternProperties: { '^(a+)+$': {} }, additionalProperties: false },
		],
		['30 levels of shared anyOf', 'x', shared(30)],
		['30 levels of shared references', 'x', references(30)],
		[
			'an enum of 10,000 for a list of 20,000',
			[...NUMBERS, ...NUMBERS.map((n) => -n - 1)],
			{ items: { enum: NUMBERS } },
		],
		['a list of 10,000 that is not unique', [...NUMBERS, 0], { uniqueItems: true }],
	])('%s', (_what, value, schema) => {
		expect(schemaFault(value, schema)).toMatch(/^the answer/);
	});

	test('what takes too long is left to the service, which is said', () => {
		const value = Array.from({ length: 100_000 }, () => ({ a: 1 }));
		const items = {
			anyOf: Array.from({ length: 100 }, (_, index) => ({ required: [`a${index}`] })),
		};
		expect(
			checkSchema(
				value.map(() => ({ a99: 1 })),
				{ items },
			).unchecked,
		).toEqual(['parts that take too long to check']);
	});

	test('a schema that leads back into a nested answer takes no more', () => {
		const tree = {
			anyOf: [
				{ properties: { n: { $ref: '#' } }, required: ['x'] },
				{ properties: { n: { $ref: '#' } }, required: ['n'] },
			],
		};
		let value: object = {};
		for (let level = 0; level < 60; level++) value = { n: value };
		expect(schemaFault(value, tree)).toMatch(/lacks/);
	});
});

function nested(levels: number): string {
	return '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
}

describe('what n8n could not keep is a fault of the answer', () => {
	test.each([
		['nested 8,000 levels deep', nested(8000), /deeper than 500 levels/],
		[
			'nested 100,000 levels deep in a sentence',
			`So: ${nested(100_000)}`,
			/deeper than 500 levels/,
		],
		['with a number that is too large', '{"a":[1e999]}', /number that is too large/],
	])('%s', (_what, answer, reason) => {
		const format: ResponseFormat = { type: 'json_schema', name: 'x', schema: { const: {} } };
		expect(readStructured(answer, format)).toMatchObject({
			ok: false,
			reason: expect.stringMatching(reason) as string,
		});
	});

	test('400 levels are kept', () => {
		expect(readStructured(nested(400), OBJECT).ok).toBe(true);
	});
});

test('an example and what is made of it agree on names of prototypes', () => {
	const example: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":1,"toString":"x"}');
	const schema = schemaFromExample(example);
	expect(schemaFault(example, schema)).toBeUndefined();
	expect(({} as { a?: number }).a).toBeUndefined();
});

test('10 MB of text in one-letter chunks take at most five times their size', async () => {
	const size = TEN_MEGABYTES;
	async function* letters() {
		for (let sent = 0; sent < size; sent += 1000) {
			yield Array.from({ length: 1000 }, (_, index): ProviderChunk => {
				const letter = String.fromCharCode(97 + ((sent + index) % 26));
				return { type: index % 2 === 0 ? 'text' : 'reasoning', text: letter };
			});
		}
	}
	let peak = 0;
	let seen = 0;
	const before = retained();
	const reply = await collectReply(withPartialText(letters(), 2 * size), {
		onText: async () => {
			if (++seen % 1_000_000 === 0) peak = Math.max(peak, retained() - before);
		},
	});
	expect(reply.text.length + reply.reasoning.length).toBe(size);
	expect(peak).toBeLessThan(5 * size);
}, 60_000);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of the heap that are in use after a collection. */
function retained(): number {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}

test('a part of an answer that was cut never becomes its output', async () => {
	const text = '{"total": 3, "people": [{"name": "Ann", "age": 30}, {"name": "Bob"';
	let asked = 0;
	const ask = async () => {
		asked++;
		return { ...emptyReply(), text, finishReason: 'length' };
	};
	await expect(structuredReply([], OBJECT, ask)).rejects.toMatchObject({
		kind: 'truncated',
		details: { partialText: text },
	});
	expect(asked).toBe(1);
});
