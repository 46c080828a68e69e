import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import type { ProviderChunk, ToolCallDelta } from '../types.ts';
import { ToolCalls } from './toolCalls.ts';

interface Fragment {
	index?: number;
	id?: string;
	name?: string;
	args?: unknown;
}

function call({ index, id, name, args = '' }: Fragment) {
	return { index, id, function: { name, arguments: args } };
}

function deltasOf(chunks: readonly ProviderChunk[]): ToolCallDelta[] {
	return chunks.flatMap((chunk) => (chunk.type === 'toolCall' ? [chunk.delta] : []));
}

/** Reads several chunks, each with these entries of `tool_calls`. */
function read(chunks: readonly unknown[][], answerId = '') {
	const calls = new ToolCalls();
	const passedOn: ProviderChunk[] = [];
	for (const entries of chunks) calls.read(entries, answerId, passedOn);
	const finish = (reason?: string) => calls.finish(reason, passedOn);
	return { passedOn, finish };
}

/** The deltas of several chunks, each with these fragments. */
function told(...chunks: Fragment[][]) {
	return deltasOf(read(chunks.map((fragments) => fragments.map(call))).passedOn);
}

/** The calls as they are put together: name and arguments. */
function callsOf(chunks: readonly unknown[][], reason = 'stop') {
	const { passedOn, finish } = read(chunks);
	finish(reason);
	const calls = new Map<string, { name: string; json: string }>();
	for (const { id, name = '', arguments: part } of deltasOf(passedOn)) {
		const known = calls.get(id) ?? { name, json: '' };
		calls.set(id, { ...known, json: known.json + part });
	}
	return [...calls.values()].map(({ name, json }) => `${name}(${json})`);
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
		expect(deltas.map(({ index, id }) => [index, id])).toEqual([
			[0, 'call_0'],
			[0, 'call_0'],
		]);
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
			[{ index: 0, id: 'a', name: 'f', args: '{}' }],
			[{ index: 0, id: 'b', name: 'f', args: '{' }],
			[{ index: 0, args: '}' }],
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
		expect(told([fragment], [{ ...fragment, args: '{' }]).map(({ index }) => index)).toEqual([
			0, 0,
		]);
		const nameless = { index: 0, name: 'f', args: '{' };
		expect(told([fragment], [nameless]).map(({ id }) => id)).toEqual(['a', 'a']);
	});

	test('another id and the name with each fragment: it is the same call until its arguments are whole', () => {
		const fragments = ['{"x"', ':1}', '{}'].map((args, at) => ({
			index: 0,
			id: `id${at}`,
			name: 'f',
			args,
		}));
		expect(callsOf(fragments.map((fragment) => [call(fragment)]))).toEqual(['f({"x":1})', 'f({})']);
	});

	test('arguments as an object become its JSON, null nothing', () => {
		const deltas = told([{ index: 0, name: 'f', args: { x: 1 } }], [{ index: 0, args: null }]);
		expect(deltas.map(({ arguments: part }) => part)).toEqual(['{"x":1}']);
	});
});

test('whatever a service sends, every delta has an index, an id and arguments', () => {
	fc.assert(
		fc.property(fc.array(fc.array(fc.jsonValue())), (chunks) => {
			for (const delta of deltasOf(read(chunks).passedOn)) {
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
	// What stands in a string is not the end of the arguments.
	const piece = fc.record({
		index: fc.nat(3),
		args: fc.string().map((text) => text.replace(/["{}[\]\\]/g, '')),
	});
	fc.assert(
		fc.property(fc.array(piece), (pieces) => {
			const begun = [0, 1, 2, 3].map((index) => ({
				index,
				id: `id${index}`,
				name: 'f',
				args: '{"',
			}));
			const deltas = told(begun, ...pieces.map((fragment) => [fragment]));
			for (const { index, id } of begun) {
				const sent = pieces.filter((fragment) => fragment.index === index);
				const received = deltas.filter((delta) => delta.id === id);
				expect(received.map(({ arguments: part }) => part).join('')).toBe(
					`{"${sent.map(({ args }) => args).join('')}`,
				);
			}
		}),
	);
});

describe('an index that is no place in a list', () => {
	test.each([Infinity, -Infinity, 1e300, 2 ** 53, -1, 0.5, NaN, null, '0', {}])(
		'%j is passed over, and the calls stay apart',
		(index) => {
			const entries = [
				{ index, id: 'a', function: { name: 'f', arguments: '{}' } },
				{ index, id: 'b', function: { name: 'g', arguments: '{"x":1}' } },
			];
			expect(callsOf([entries])).toEqual(['f({})', 'g({"x":1})']);
			expect(callsOf(entries.map((entry) => [entry]))).toEqual(['f({})', 'g({"x":1})']);
		},
	);

	test('the largest usable ones are no list of that length', () => {
		const big = Number.MAX_SAFE_INTEGER;
		const deltas = told([{ index: big, id: 'a', name: 'f' }], [{ index: big, args: '{}' }]);
		expect(deltas.map(({ index, id }) => [index, id])).toEqual([
			[0, 'a'],
			[0, 'a'],
		]);
	});
});

test('40,000 calls under one index take far less than quadratic time', () => {
	const chunks = Array.from({ length: 40_000 }, (_, number) => [
		call({ index: 0, id: `id${number}`, name: 'f', args: '{}' }),
	]);
	const begin = performance.now();
	expect(callsOf(chunks)).toHaveLength(40_000);
	// Quadratic, it took 7 s.
	expect(performance.now() - begin).toBeLessThan(3000);
});

test.each([
	['without a name', { index: 0, args: 'x'.repeat(1_000_000) }],
	['whose arguments are encoded twice', { index: 0, name: 'f', args: `"${'x'.repeat(1_000_000)}` }],
])('a call %s and without end is refused', async (_what, fragment) => {
	const calls = new ToolCalls();
	const error = await providerErrorOf(async () => {
		for (let sent = 0; sent < 100; sent++) calls.read([call(fragment)], '', []);
	});
	expect(error).toMatchObject({
		kind: 'refused',
		message: 'A tool call is larger than 16 MB',
	});
});

test('fields that are unknown come with the next fragment, the prototype’s name among them', () => {
	const fields = JSON.parse('{"a":1,"__proto__":2}') as object;
	const { passedOn } = read([
		[{ ...call({ index: 0, id: 'x' }), ...fields, ['__proto__']: 2 }],
		[{ index: 0, b: 3 }],
		[call({ index: 0, name: 'f', args: '{' })],
		[{ index: 0, c: 4 }],
	]);
	const deltas = deltasOf(passedOn);
	expect(deltas.map(({ arguments: json }) => json)).toEqual(['{', '']);
	expect(deltas.map(({ extra }) => Object.keys(extra ?? {}))).toEqual([
		['a', '__proto__', 'b'],
		['c'],
	]);
});

test('a megabyte of arguments in pieces of one character is read in linear time', () => {
	const args = `{"x":"${'}'.repeat(500_000)}"}`;
	const pieces = Array.from(args, (character) => [call({ index: 0, name: 'f', args: character })]);
	expect(callsOf(pieces)).toEqual([`f(${args})`]);
});

describe('without ids, under one index', () => {
	const f = { index: 0, name: 'f', args: '{"x":1}' };

	test.each<[string, Fragment[], string[]]>([
		['another name begins another call', [f, { ...f, name: 'g' }], ['f({"x":1})', 'g({"x":1})']],
		[
			'the same name after whole arguments does',
			[f, { ...f, args: '{"x":2}' }],
			['f({"x":1})', 'f({"x":2})'],
		],
		[
			'a name with its arguments to come does',
			[f, { ...f, args: '' }, { index: 0, args: '{"x":' }, { index: 0, args: '2}' }],
			['f({"x":1})', 'f({"x":2})'],
		],
		['the same call again is the same', [f, f], ['f({"x":1})']],
		['an empty end is none', [f, { ...f, args: '' }, { index: 0, args: '' }], ['f({"x":1})']],
		[
			'a name that comes with each fragment begins none',
			[
				{ ...f, args: '{"x"' },
				{ ...f, args: ':1}' },
			],
			['f({"x":1})'],
		],
		[
			'a brace within a text is no end',
			[
				{ ...f, args: '{"x":"}' },
				{ ...f, args: '"}' },
			],
			['f({"x":"}"})'],
		],
	])('%s', (_behavior, fragments, calls) => {
		expect(callsOf(fragments.map((fragment) => [call(fragment)]))).toEqual(calls);
	});
});

test('the whole calls once more at the end are the same calls', () => {
	const entries = [
		call({ index: 0, id: 'a', name: 'f', args: '{}' }),
		call({ index: 1, id: 'b', name: 'f', args: '{"x":1}' }),
	];
	expect(callsOf([...entries.map((entry) => [entry]), entries])).toEqual(['f({})', 'f({"x":1})']);
	const unnumbered = entries.map((entry) => ({ ...entry, index: undefined }));
	expect(callsOf([...unnumbered.map((entry) => [entry]), unnumbered])).toEqual([
		'f({})',
		'f({"x":1})',
	]);
});

test('two calls under one id get different ids', () => {
	const deltas = told([
		{ index: 0, id: 'a', name: 'f', args: '{}' },
		{ index: 1, id: 'a', name: 'g', args: '{}' },
	]);
	expect(new Set(deltas.map(({ id }) => id)).size).toBe(2);
});

test('made ids hold the answer’s, so that those of several answers differ', () => {
	const { passedOn } = read([[call({ name: 'f' })]], 'abc');
	expect(deltasOf(passedOn)[0]?.id).toBe('call_abc_0');
});

test('a call waits for its name', () => {
	const fragments = [
		{ index: 0, id: 'a' },
		{ index: 0, args: '{' },
		{ index: 0, name: 'f', args: '}' },
	];
	expect(told(...fragments.map((fragment) => [fragment]))).toEqual([
		{ index: 0, id: 'a', name: 'f', arguments: '{}' },
	]);
});

test('fields of a call that are not known go along', () => {
	const extra_content = { google: { thought_signature: 'sig' } };
	const { passedOn } = read([
		[
			{
				index: 0,
				id: 'a',
				type: 'function',
				function: { name: 'f', arguments: '{}' },
				extra_content,
				nothing: null,
			},
		],
	]);
	expect(deltasOf(passedOn)).toEqual([
		{ index: 0, id: 'a', name: 'f', arguments: '{}', extra: { extra_content } },
	]);
});

test('a call whose function is not nested is read', () => {
	expect(callsOf([[{ id: 'a', type: 'function', name: 'f', arguments: '{}' }]])).toEqual(['f({})']);
});

describe('arguments that were encoded twice', () => {
	test.each([[['"{\\"x\\":1}"']], [['"{\\"x', '\\":1', '}"']]])('%j are decoded once', (parts) => {
		const chunks = parts.map((args, at) => [
			call({ index: 0, id: 'a', args, ...(at === 0 ? { name: 'f' } : {}) }),
		]);
		expect(callsOf(chunks)).toEqual(['f({"x":1})']);
	});
});

test('arguments that are null are none', () => {
	expect(callsOf([[call({ id: 'a', name: 'f', args: 'null' })]])).toEqual(['f()']);
});

test('null within arguments stays', () => {
	const chunks = ['{"x":', 'null', '}'].map((args) => [
		call({ index: 0, id: 'a', name: 'f', args }),
	]);
	expect(callsOf(chunks)).toEqual(['f({"x":null})']);
});

test.each(['', ' ', '\n'])('arguments that are %j stay empty', (args) => {
	expect(callsOf([[call({ id: 'a', name: 'f', args })]])).toEqual([`f(${args})`]);
});

describe('arguments that are not a JSON object are an error', () => {
	test.each([
		['{"city":"Os', 'stop', 'protocol'],
		['{"city":"Os', 'tool_calls', 'protocol'],
		['{"city":"Os', 'length', 'truncated'],
		['', 'length', 'truncated'],
		['{}""', 'stop', 'protocol'],
		['[1]', 'stop', 'protocol'],
		['7', 'stop', 'protocol'],
		['"text"', 'stop', 'protocol'],
		['"[1]"', 'stop', 'protocol'],
	])('%j that end by %j', async (args, reason, kind) => {
		const { finish } = read([[call({ id: 'a', name: 'f', args })]]);
		const error = await providerErrorOf(() => finish(reason));
		expect(error.kind).toBe(kind);
		expect(error.message).toMatch(
			kind === 'truncated' ? /token limit.*tool call/ : /'f'.*JSON object/,
		);
	});

	test('whole calls before a cut one do not hide it', async () => {
		const calls = [
			call({ index: 0, id: 'a', name: 'f', args: '{}' }),
			call({ index: 1, id: 'b', name: 'g', args: '{"x' }),
		];
		expect((await providerErrorOf(() => read([calls]).finish('length'))).kind).toBe('truncated');
	});

	test('a call that nobody named', async () => {
		const { passedOn, finish } = read([[call({ id: 'a', args: '{}' })]]);
		expect((await providerErrorOf(() => finish('stop'))).message).toContain('without naming it');
		expect(passedOn).toEqual([]);
	});
});

test('an entry that says nothing is none', () => {
	const { passedOn, finish } = read([[null, 7, {}, { function: null }, { index: 0 }]]);
	finish('length');
	expect(passedOn).toEqual([]);
});
