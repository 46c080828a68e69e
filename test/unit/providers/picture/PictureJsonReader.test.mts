import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { PictureJsonReader } from '../../../../providers/picture/PictureJsonReader.ts';
import { providerErrorOf } from '../../../support/failure.mts';
import { png } from '../../../support/pictures.mts';
import { bytesOf, cutAt, everyCutting } from '../../../support/splits.mts';
import { collect, streamOf } from '../../../support/streams.mts';

const PNG = Buffer.from(png(3, 2));
const BASE64 = PNG.toString('base64');

async function read(chunks: Uint8Array[]) {
	const reader = new PictureJsonReader(streamOf(...chunks));
	const pictures: Buffer[] = [];
	for await (const picture of reader.pictures()) {
		pictures.push(Buffer.concat(await collect(picture)));
	}
	return { pictures, document: reader.document() };
}

const CASES: Array<[behaviour: string, answer: string, document: string, pictures: number]> = [
	['base64 is a picture', `{"b64_json":"${BASE64}"}`, '{"b64_json":"picture:"}', 1],
	[
		'a data: URL is a picture',
		`{"url":"data:image/png;base64,${BASE64}"}`,
		'{"url":"picture:"}',
		1,
	],
	[
		'a data: URL with an endless head is none, however much of it has arrived',
		`{"url":"data:image/png;${'x'.repeat(128)};base64,${BASE64}"}`,
		`{"url":"data:image/png;${'x'.repeat(128)};base64,${BASE64}"}`,
		0,
	],
	['a link is none', '{"url":"https://a/b.png"}', '{"url":"https://a/b.png"}', 0],
	[
		'white space may stand around colons',
		`{"b64_json" :\n "${BASE64}"}`,
		'{"b64_json" :\n "picture:"}',
		1,
	],
	[
		'several pictures keep their order',
		`[{"b64_json":"${BASE64}"},{"b64_json":"${BASE64}"}]`,
		'[{"b64_json":"picture:"},{"b64_json":"picture:"}]',
		2,
	],
	[
		'a value that reads like the key is none',
		`{"a":"b64_json","b":"url"}`,
		'{"a":"b64_json","b":"url"}',
		0,
	],
	['a list after a key that reads like one is none', '["b64_json","x"]', '["b64_json","x"]', 0],
	[
		'escaped quotes stay inside of strings',
		'{"a":"x\\"y\\\\","url":"b"}',
		'{"a":"x\\"y\\\\","url":"b"}',
		0,
	],
	[
		'an empty string is no picture',
		'{"b64_json":"","url":"https://a"}',
		'{"b64_json":"","url":"https://a"}',
		0,
	],
	['numbers and null stay', '{"b64_json":null,"n":1.5}', '{"b64_json":null,"n":1.5}', 0],
	['UTF-8 stays', '{"a":"é€😀"}', '{"a":"é€😀"}', 0],
	['a page stays as it is', '<html><a href="x">"url":</a>', '<html><a href="x">"url":</a>', 0],
	['broken JSON stays as it is', '{"a":"b', '{"a":"b', 0],
	['nothing stays nothing', '', '', 0],
];

describe('an answer, however it is cut', () => {
	test.each(CASES)('%s', async (_behaviour, answer, document, count) => {
		for (const { name, chunks } of everyCutting(bytesOf(answer))) {
			const found = await read(chunks);
			expect(found.document, name).toBe(document);
			expect(found.pictures, name).toEqual(Array.from({ length: count }, () => PNG));
		}
	});
});

test('a picture that is not read is skipped', async () => {
	const answer = bytesOf(`{"data":[{"b64_json":"${BASE64}"},{"b64_json":"${BASE64}"}]}`);
	const reader = new PictureJsonReader(streamOf(answer));
	let count = 0;
	for await (const picture of reader.pictures()) {
		expect(picture).toBeDefined();
		count += 1;
	}
	expect(count).toBe(2);
	expect(reader.document()).toBe('{"data":[{"b64_json":"picture:"},{"b64_json":"picture:"}]}');
});

test('a picture whose string does not end is truncated', async () => {
	for (const { chunks } of everyCutting(bytesOf(`{"b64_json":"${BASE64.slice(0, 40)}`))) {
		expect((await providerErrorOf(() => read(chunks))).kind).toBe('truncated');
	}
});

test('what is no picture may not grow without end', async () => {
	const chunks = Array.from({ length: 5 }, () => new Uint8Array(1024 * 1024).fill(0x20));
	expect((await providerErrorOf(() => read(chunks))).kind).toBe('refused');
});

test('a picture that is not read is skipped to its own end, whatever its escapes', async () => {
	// The escape stands where the look at the picture's head ends.
	const strange = 'A'.repeat(127) + '\\"AA\\\\\\"';
	const answer = bytesOf(`{"b64_json":"${strange}","b":{"b64_json":"${BASE64}"}}`);
	for (const { name, chunks } of everyCutting(answer)) {
		const reader = new PictureJsonReader(streamOf(...chunks));
		const pictures = await collect(reader.pictures());
		expect(pictures, name).toHaveLength(2);
		expect(reader.document(), name).toBe('{"b64_json":"picture:","b":{"b64_json":"picture:"}}');
	}
});

describe('any document with pictures in any place, cut anywhere', () => {
	const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((array) => Buffer.from(array));
	/** A picture where it stands, as a server may write it. */
	const picture = fc
		.tuple(bytes, fc.constantFrom('b64_json', 'url'), fc.boolean())
		.map(([content, key, isDataUrl]) => {
			const prefix = isDataUrl || key === 'url' ? 'data:image/png;base64,' : '';
			return { [key]: prefix + content.toString('base64') };
		});
	const other = fc.constantFrom<Record<string, unknown>>(
		{ url: 'https://a/b.png', revised_prompt: 'A "cat" \\ b64_json' },
		{ b64_json: '', url: null },
		{ url: 'data:text/plain,b64_json' },
		{ a: 'b64_json', b: 'url', 'url"': ':' },
	);
	const { tree } = fc.letrec((tie) => ({
		tree: fc.oneof(
			{ maxDepth: 4 },
			fc.jsonValue({ maxDepth: 1 }),
			picture,
			other,
			fc.array(tie('tree'), { maxLength: 4 }),
			fc.dictionary(
				fc.string().map((name) => `k${name}`),
				tie('tree'),
				{ maxKeys: 4 },
			),
		),
	}));

	/** What JSON.parse sees: the pictures in their order, and the document with marks. */
	function parsed(text: string) {
		const pictures: Buffer[] = [];
		const document = JSON.parse(text, (key, value: unknown) => {
			const isPicture =
				typeof value === 'string' &&
				((key === 'b64_json' && value !== '') || (key === 'url' && value.includes(';base64,')));
			if (!isPicture) return value;
			pictures.push(Buffer.from(value.slice(value.indexOf(',') + 1), 'base64'));
			return 'picture:';
		}) as unknown;
		return { pictures, document };
	}

	test('gives the pictures and the rest that JSON.parse sees', async () => {
		const written = fc.tuple(tree, fc.constantFrom(undefined, 1), fc.boolean());
		await fc.assert(
			fc.asyncProperty(
				written,
				fc.array(fc.nat(10_000)),
				async ([value, indent, escapes], cuts) => {
					const plain = JSON.stringify(value, null, indent);
					const text = escapes ? plain.replaceAll('/', '\\/').replaceAll('=', '\\u003d') : plain;
					const whole = bytesOf(text);
					const found = await read(
						cutAt(
							whole,
							cuts.map((cut) => cut % (whole.length + 1)),
						),
					);
					const expected = parsed(text);
					expect(found.pictures).toEqual(expected.pictures);
					expect(JSON.parse(found.document)).toEqual(expected.document);
				},
			),
			{ numRuns: 300 },
		);
	});
});
