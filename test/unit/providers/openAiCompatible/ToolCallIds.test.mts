import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ToolCallIds } from '../../../../providers/openAiCompatible/ToolCallIds.ts';

interface Fragment {
	index?: number;
	id?: string;
	name?: string;
	args?: unknown;
}

function call({ index, id, name, args = '' }: Fragment) {
	return { index, id, function: { name, arguments: args } };
}

/** The deltas of several chunks, each with these fragments. */
function told(...chunks: Fragment[][]) {
	const ids = new ToolCallIds();
	return chunks.flatMap((fragments) => ids.deltas(fragments.map(call)));
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
		expect(deltas.map(({ id }) => id)).toEqual(['call_2', 'call_2']);
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
			[{ index: 0, id: 'a', name: 'f', args: '1' }],
			[{ index: 0, id: 'b', name: 'f', args: '2' }],
			[{ index: 0, args: '3' }],
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
		expect(told([fragment], [fragment]).map(({ index }) => index)).toEqual([0, 0]);
		const nameless = { index: 0, name: 'f' };
		expect(told([fragment], [nameless]).map(({ id }) => id)).toEqual(['a', 'a']);
	});

	test('arguments as an object become its JSON, null nothing', () => {
		const deltas = told([{ index: 0, args: { x: 1 } }], [{ index: 0, args: null }]);
		expect(deltas.map(({ arguments: part }) => part)).toEqual(['{"x":1}', '']);
	});
});

test.each([undefined, null, {}, 'x', 7, []])('%j holds no calls', (value) => {
	expect(new ToolCallIds().deltas(value)).toEqual([]);
});

test('whatever a service sends, every delta has an index, an id and arguments', () => {
	fc.assert(
		fc.property(fc.array(fc.array(fc.jsonValue())), (chunks) => {
			const ids = new ToolCallIds();
			for (const delta of chunks.flatMap((chunk) => ids.deltas(chunk))) {
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
	const piece = fc.record({ index: fc.nat(3), args: fc.string() });
	fc.assert(
		fc.property(fc.array(piece), (pieces) => {
			const begun = [0, 1, 2, 3].map((index) => ({ index, id: `id${index}`, name: 'f' }));
			const deltas = told(begun, ...pieces.map((fragment) => [fragment]));
			for (const { index, id } of begun) {
				const sent = pieces.filter((fragment) => fragment.index === index);
				const received = deltas.filter((delta) => delta.id === id);
				expect(received.map(({ arguments: part }) => part).join('')).toBe(
					sent.map(({ args }) => args).join(''),
				);
			}
		}),
	);
});
