import fc from 'fast-check';
import { expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import type { Reply } from '../collectReply.ts';
import { ProviderError } from '../errors.ts';
import type { Message, Usage } from '../types.ts';
import {
	askForRepair,
	instruct,
	readStructured,
	schemaFromExample,
	structuredReply,
} from './structuredReply.ts';
import { schemaFault } from './validate.ts';

const SYSTEM: Message = { role: 'system', content: 'Be brief.' };
const USER: Message = { role: 'user', content: 'Hi', attachments: [{ kind: 'link', url: 'a' }] };

test('for text nothing is said', () => {
	const messages = [SYSTEM, USER];
	expect(instruct(messages, { type: 'text' })).toBe(messages);
});

test('the words stand in a system message of their own', () => {
	const [system, ...rest] = instruct([USER], { type: 'json_object' });
	expect(system?.role).toBe('system');
	expect(system?.content).toMatch(/one JSON object/);
	expect(rest).toEqual([USER]);
});

test('where there is one, they stand behind what it says', () => {
	const [system, ...rest] = instruct([SYSTEM, USER], { type: 'json_object' });
	expect(system?.content).toMatch(/^Be brief\.\n\n.*JSON/);
	expect(rest).toEqual([USER]);
});

test('a schema is given in full', () => {
	const schema = { type: 'object', required: ['a'] };
	const [system] = instruct([], { type: 'json_schema', name: 'x', schema });
	expect(system?.content).toContain(JSON.stringify(schema));
});

test('the conversation given is not changed', () => {
	const messages = [structuredClone(SYSTEM), structuredClone(USER)];
	instruct(messages, { type: 'json_object' });
	askForRepair(messages, 'no', 'it is not JSON', { type: 'json_object' });
	expect(messages).toEqual([SYSTEM, USER]);
});

test('a repair is asked for behind the answer, with the reason', () => {
	const [first, answer, request] = askForRepair([USER], 'no', 'it is not JSON', SCHEMA);
	expect([first, answer]).toEqual([USER, { role: 'assistant', content: 'no' }]);
	expect(request?.role).toBe('user');
	expect(request?.content).toContain('it is not JSON');
	expect(request?.content).toContain(JSON.stringify(SCHEMA.schema));
});

const SCHEMA = {
	type: 'json_schema' as const,
	name: 'x',
	schema: { type: 'object', required: ['a'] },
};

test('what fits comes out', () => {
	expect(readStructured('{"a":1}', SCHEMA)).toMatchObject({ ok: true, value: { a: 1 } });
	expect(readStructured('```\n{}\n```', { type: 'json_object' })).toMatchObject({
		ok: true,
		value: {},
	});
	expect(readStructured('[7]', { type: 'text' })).toMatchObject({ ok: true, value: [7] });
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
		reason: expect.stringContaining('not valid JSON') as string,
	});
});

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

const MESSAGES: Message[] = [{ role: 'user', content: 'Hi' }];

function reply(text: string, usage?: Usage): Reply {
	const empty = {
		reasoning: '',
		toolCalls: [],
		images: [],
		revisedPrompts: [],
		failedImages: [],
		notes: [],
		sources: [],
		fragments: 1,
	};
	return { ...empty, text, ...(usage === undefined ? {} : { usage }) };
}

/** Asks for an object, and gets these answers in their order. */
function asking(...answers: Array<Reply | Error>) {
	const asked: Array<readonly Message[]> = [];
	const result = structuredReply(MESSAGES, { type: 'json_object' }, async (messages) => {
		asked.push(messages);
		const next = answers.shift();
		if (next === undefined || next instanceof Error) throw next ?? new Error('Asked too often');
		return next;
	});
	return { asked, result };
}

test('an answer that fits is asked for once', async () => {
	const { asked, result } = asking(reply('Sure: {"a":1}', { totalTokens: 3 }));
	expect(await result).toEqual({
		...reply('Sure: {"a":1}', { totalTokens: 3 }),
		output: { a: 1 },
		isRepaired: false,
		unchecked: [],
	});
	expect(asked).toEqual([MESSAGES]);
});

test('one that does not is sent back once, with the reason', async () => {
	const { asked, result } = asking(reply('[]'), reply('{"a":1}'));
	expect(await result).toMatchObject({ text: '{"a":1}', output: { a: 1 } });
	expect(asked[1]?.slice(0, 2)).toEqual([...MESSAGES, { role: 'assistant', content: '[]' }]);
	expect(asked[1]?.[2]?.content).toContain('must be object');
});

test.each<[Usage | undefined, Usage | undefined, Usage | undefined]>([
	[
		{ totalTokens: 3, cachedTokens: 1 },
		{ totalTokens: 4, promptTokens: 2 },
		{ totalTokens: 7, cachedTokens: 1, promptTokens: 2 },
	],
	[{ totalTokens: 3 }, undefined, { totalTokens: 3 }],
	[undefined, { totalTokens: 4 }, { totalTokens: 4 }],
	[undefined, undefined, undefined],
])('both are paid for: %j and %j are %j', async (first, second, sum) => {
	const { usage } = await asking(reply('no', first), reply('{}', second)).result;
	expect(usage).toEqual(sum);
});

test('a second answer that does not fit is an error that carries it', async () => {
	const { asked, result } = asking(reply('no'), reply('[7]'));
	const error = await providerErrorOf(() => result);
	expect(error).toMatchObject({ kind: 'protocol', details: { partialText: '[7]' } });
	expect(error.details.explanation).toContain('must be object');
	expect(asked).toHaveLength(2);
});

test('a failure of the first request is passed on as it is', async () => {
	const lost = new ProviderError('network', 'Lost');
	expect(await providerErrorOf(() => asking(lost).result)).toBe(lost);
});

test('where the request for a repair fails, the first fault is reported before the second', async () => {
	const lost = new ProviderError('quota', 'Used up', { status: 429, explanation: 'Wait.' });
	const error = await providerErrorOf(() => asking(reply('[]'), lost).result);
	expect(error).toMatchObject({
		kind: 'quota',
		message: 'The answer is not the JSON that was requested',
		details: { status: 429, partialText: '[]' },
	});
	expect(error.details.explanation).toBe(
		'The answer must be object. The request for a repair failed: Used up: Wait.',
	);
});

test('a stop during the request for a repair stays a stop', async () => {
	const stopped = new ProviderError('aborted', 'Stopped');
	expect(await providerErrorOf(() => asking(reply('no'), stopped).result)).toBe(stopped);
});

function rejected(failedGeneration: string): ProviderError {
	return new ProviderError('http', 'Rejected', { status: 400, failedGeneration });
}

test('a text that the service rejects as unparsable is taken where it holds the JSON', async () => {
	const { asked, result } = asking(rejected('Here: {"a":1}'));
	expect(await result).toMatchObject({ output: { a: 1 }, text: 'Here: {"a":1}' });
	expect(asked).toHaveLength(1);
});

test('a text that the service rejects is repaired, or kept in the error', async () => {
	const { asked, result } = asking(rejected('a: 1'), reply('{"a":1}'));
	expect(await result).toMatchObject({ output: { a: 1 }, isRepaired: true });
	expect(asked[1]?.[1]).toEqual({ role: 'assistant', content: 'a: 1' });
	const error = await providerErrorOf(() => asking(rejected('a: 1'), rejected('a: 2')).result);
	expect(error.details.partialText).toBe('a: 2');
});

test.each([
	'{"total": 3, "people": [{"name": "Ann", "age": 30}, {"name": "Bob"',
	'{"invoice": {"number": "A-1", "total": 99.5}, "lines": [',
	'Draft: {"a":1}. Final:',
	'12',
	'',
])('%j, cut by the token limit, names the limit and is not repaired', async (text) => {
	const { asked, result } = asking({ ...reply(text), finishReason: 'length' });
	const error = await providerErrorOf(() => result);
	expect(error.kind).toBe('truncated');
	expect(error.message).toContain('token limit');
	expect(error.details.explanation).toContain("'Max Tokens'");
	expect(error.details.partialText).toBe(text);
	expect(asked).toHaveLength(1);
});

test('JSON that is complete at the token limit is taken', async () => {
	const { result } = asking({ ...reply('```json\n{"a":1}\n```\n'), finishReason: 'length' });
	expect(await result).toMatchObject({ output: { a: 1 } });
});
