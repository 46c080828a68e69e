import type { Random } from './random.mts';

/** A way to spoil the bytes of an answer. */
type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const ODD_BYTES = [
	[0xff], // never in UTF-8
	[0xc3], // half a character
	[0xed, 0xa0, 0x80], // half a surrogate pair
	[0xf0, 0x9f, 0x8c], // three quarters of a character
	[0xef, 0xbb, 0xbf], // a byte order mark
	[0xe2, 0x80, 0xa8], // a line separator that is no line end
	[0x00],
	[0xc0, 0x80], // an overlong zero
];
const WORDS = [
	...[
		'\n',
		'\r',
		'\r\n',
		'\n\n',
		'\r\r',
		'data:',
		'data: ',
		'\ndata: [DONE]\n\n',
		'[DONE]',
		':',
		' ',
	],
	...['\\n', '\\', '\\u0000', '\\ud83d', '"', '{', '}', '[', ']', ',', 'null', 'true', ' trylimit'],
	...[
		'\ndata: trylimit\n\n',
		'<!doctype html>',
		'<html>captcha',
		'"error":{}',
		'"error":null,',
		'data:,',
	],
	...[
		'"url":"data:image/png;base64,',
		'"b64_json":"',
		'"url":"http://169.254.169.254/"',
		'../',
		'//',
	],
	...[
		'"finish_reason":"stop"',
		'"delta":{"content":7}',
		'"choices":[]',
		'"tool_calls":[null]',
		'%',
		'=',
	],
];
const NUMBERS = [
	'1e999',
	'-1',
	'9'.repeat(400),
	'0.1',
	'-0',
	'1e-400',
	'9007199254740993',
	'99999999999',
];
const NESTED = 3_000;

export const mutations: Record<string, Mutation> = {
	flip: (bytes, random) => changed(bytes, random, () => random.below(256)),
	bit: (bytes, random) => changed(bytes, random, (byte) => byte ^ (1 << random.below(8))),
	remove: (bytes, random) => {
		const [start, end] = range(bytes, random);
		return joined(bytes.subarray(0, start), bytes.subarray(end));
	},
	repeat: (bytes, random) => {
		const [start, end] = range(bytes, random);
		const times = random.chance(0.1) ? 50 : 1;
		const part = bytes.subarray(start, end);
		return joined(
			bytes.subarray(0, end),
			...Array<Uint8Array>(times).fill(part),
			bytes.subarray(end),
		);
	},
	move: (bytes, random) => {
		const [start, end] = range(bytes, random);
		const rest = joined(bytes.subarray(0, start), bytes.subarray(end));
		return inserted(rest, random.below(rest.length + 1), bytes.subarray(start, end));
	},
	odd: (bytes, random) => insertedAnywhere(bytes, random, Uint8Array.from(random.pick(ODD_BYTES))),
	word: (bytes, random) => insertedAnywhere(bytes, random, Buffer.from(random.pick(WORDS))),
	lineEnds: (bytes, random) => {
		const end = random.pick(['\r\n', '\r', '\n\n', '\n\r', ' \n', '']);
		return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\n', end), 'latin1');
	},
	number: (bytes, random) => replacedMatch(bytes, random, /\d+(\.\d+)?/g, random.pick(NUMBERS)),
	value: (bytes, random) =>
		replacedMatch(
			bytes,
			random,
			/"[^"\\]*"|\d+|null/g,
			random.pick(['null', '{}', '[]', '""', '7', '[{}]']),
		),
	key: (bytes, random) =>
		replacedMatch(bytes, random, /"[a-z_]+":/g, random.pick(['"x":', '"url":', '"data":'])),
	nested: (bytes, random) => {
		const deep = random.pick(['[', '{"a":', '[{"data":']).repeat(random.below(NESTED));
		return insertedAnywhere(bytes, random, Buffer.from(deep));
	},
	empty: () => new Uint8Array(),
};

/** The bytes up to a random place. */
export function truncated(bytes: Uint8Array, random: Random): Uint8Array {
	return bytes.subarray(0, random.below(bytes.length));
}

function range(bytes: Uint8Array, random: Random): [number, number] {
	const start = random.below(bytes.length + 1);
	const longest = random.pick([1, 4, 20, 200, bytes.length]);
	return [start, Math.min(bytes.length, start + random.below(longest) + 1)];
}

function changed(bytes: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
	if (bytes.length === 0) return bytes;
	const copy = Uint8Array.from(bytes);
	const index = random.below(copy.length);
	copy[index] = change(copy[index] ?? 0);
	return copy;
}

function insertedAnywhere(bytes: Uint8Array, random: Random, part: Uint8Array): Uint8Array {
	return inserted(bytes, random.below(bytes.length + 1), part);
}

function inserted(bytes: Uint8Array, index: number, part: Uint8Array): Uint8Array {
	return joined(bytes.subarray(0, index), part, bytes.subarray(index));
}

function replacedMatch(bytes: Uint8Array, random: Random, pattern: RegExp, by: string): Uint8Array {
	const text = Buffer.from(bytes).toString('latin1');
	const matches = [...text.matchAll(pattern)];
	if (matches.length === 0) return bytes;
	const { index, 0: found } = random.pick(matches);
	return Buffer.from(text.slice(0, index) + by + text.slice(index + found.length), 'latin1');
}

function joined(...parts: Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}
