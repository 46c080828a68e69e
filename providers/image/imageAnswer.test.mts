import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { png } from '../../test/support/images.mts';
import {
	json,
	type MemoryAnswer,
	MemoryTransport,
	page,
} from '../../test/support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../test/support/pages.mts';
import { bytesOf, cutAt, everyCutting } from '../../test/support/splits.mts';
import { collect, streamOf } from '../../test/support/streams.mts';
import { readImageAnswer } from './imageAnswer.ts';
import { ImageJsonReader } from './ImageJsonReader.ts';

const PNG = Buffer.from(png(3, 2));
const BASE64 = PNG.toString('base64');

async function read(chunks: Uint8Array[]) {
	const reader = new ImageJsonReader(streamOf(...chunks));
	const images: Buffer[] = [];
	for await (const image of reader.images()) {
		images.push(Buffer.concat(await collect(image)));
	}
	return { images, document: documentOf(reader) };
}

/** With a mark that does not change from answer to answer. */
function documentOf(reader: ImageJsonReader): string {
	return reader.document().replaceAll(reader.mark, 'image:');
}

const CASES: Array<[behaviour: string, answer: string, document: string, images: number]> = [
	['base64 is an image', `{"b64_json":"${BASE64}"}`, '{"b64_json":"image:"}', 1],
	['a data: URL is an image', `{"url":"data:image/png;base64,${BASE64}"}`, '{"url":"image:"}', 1],
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
		'{"b64_json" :\n "image:"}',
		1,
	],
	[
		'several images keep their order',
		`[{"b64_json":"${BASE64}"},{"b64_json":"${BASE64}"}]`,
		'[{"b64_json":"image:"},{"b64_json":"image:"}]',
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
		'an empty string is no image',
		'{"b64_json":"","url":"https://a"}',
		'{"b64_json":"","url":"https://a"}',
		0,
	],
	[
		'a key may be written with escapes',
		`{"data":[{"b64\\u005fjson":"${BASE64}"}]}`,
		'{"data":[{"b64\\u005fjson":"image:"}]}',
		1,
	],
	[
		'elsewhere it is no image',
		`{"usage":{"b64_json":"${BASE64}"},"data":[{"a":{"b64_json":"${BASE64}"}}]}`,
		`{"usage":{"b64_json":"${BASE64}"},"data":[{"a":{"b64_json":"${BASE64}"}}]}`,
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
			expect(found.images, name).toEqual(Array.from({ length: count }, () => PNG));
		}
	});
});

test('an image that is not read is skipped', async () => {
	const answer = bytesOf(`{"data":[{"b64_json":"${BASE64}"},{"b64_json":"${BASE64}"}]}`);
	const reader = new ImageJsonReader(streamOf(answer));
	let count = 0;
	for await (const image of reader.images()) {
		expect(image).toBeDefined();
		count += 1;
	}
	expect(count).toBe(2);
	expect(documentOf(reader)).toBe('{"data":[{"b64_json":"image:"},{"b64_json":"image:"}]}');
});

test('an image whose string does not end is truncated', async () => {
	for (const { chunks } of everyCutting(bytesOf(`{"b64_json":"${BASE64.slice(0, 40)}`))) {
		expect((await providerErrorOf(() => read(chunks))).kind).toBe('truncated');
	}
});

test('what is no image may not grow without end', async () => {
	const chunks = Array.from({ length: 5 }, () => new Uint8Array(1024 * 1024).fill(0x20));
	expect((await providerErrorOf(() => read(chunks))).kind).toBe('refused');
});

test('an image that is not read and never ends is refused before long', async () => {
	let sent = 0;
	async function* endless() {
		yield bytesOf('{"data":[{"b64_json":"');
		for (; ; sent++) yield new Uint8Array(1024 * 1024).fill(0x41);
	}
	const reader = new ImageJsonReader(endless());
	expect((await providerErrorOf(() => collect(reader.images()))).kind).toBe('refused');
	expect(sent).toBeLessThan(70);
});

test('an image that is not read is skipped to its own end, whatever its escapes', async () => {
	// The escape stands where the look at the image's head ends.
	const strange = 'A'.repeat(127) + '\\"AA\\\\\\"';
	const answer = bytesOf(`[{"b64_json":"${strange}"},{"b64_json":"${BASE64}"}]`);
	for (const { name, chunks } of everyCutting(answer)) {
		const reader = new ImageJsonReader(streamOf(...chunks));
		const images = await collect(reader.images());
		expect(images, name).toHaveLength(2);
		expect(documentOf(reader), name).toBe('[{"b64_json":"image:"},{"b64_json":"image:"}]');
	}
});

describe('any document with images in any place, cut anywhere', () => {
	const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((array) => Buffer.from(array));
	/** An image where it stands, as a server may write it. */
	const image = fc
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
			image,
			other,
			fc.array(tie('tree'), { maxLength: 4 }),
			fc.dictionary(
				fc.oneof(
					fc.constantFrom('data', 'images'),
					fc.string().map((name) => `k${name}`),
				),
				tie('tree'),
				{ maxKeys: 4 },
			),
		),
	}));

	const PLACE = /^\.((data|images)\.)?(\[\]\.)?(b64_json|url)$/;

	/** What JSON.parse sees: the images in their order, and the document with marks. */
	function parsed(text: string) {
		const images: Buffer[] = [];
		const follow = (value: unknown, path: string): unknown => {
			if (Array.isArray(value)) return value.map((entry) => follow(entry, `${path}.[]`));
			if (typeof value === 'object' && value !== null) {
				const entries = Object.entries(value);
				return Object.fromEntries(
					entries.map(([key, inner]) => [key, follow(inner, `${path}.${key}`)]),
				);
			}
			const isImage =
				typeof value === 'string' &&
				PLACE.test(path) &&
				((path.endsWith('b64_json') && value !== '') || value.includes(';base64,'));
			if (!isImage) return value;
			images.push(Buffer.from(value.slice(value.indexOf(',') + 1), 'base64'));
			return 'image:';
		};
		return { document: follow(JSON.parse(text), ''), images };
	}

	test('gives the images and the rest that JSON.parse sees', async () => {
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
					expect(found.images).toEqual(expected.images);
					expect(JSON.parse(found.document)).toEqual(expected.document);
				},
			),
			{ numRuns: 300 },
		);
	});
});

const LINK = 'https://a/b.png';

async function readParts(answer: MemoryAnswer) {
	const transport = new MemoryTransport([answer]);
	const request = { method: 'POST', url: 'https://a/', headers: {}, authenticated: true } as const;
	const chunks = readImageAnswer(await transport.send(request), 'A cat');
	const images: Array<Buffer | string> = [];
	const prompts: Array<string | undefined> = [];
	const failed: string[] = [];
	for (;;) {
		const next = await chunks.next();
		if (next.done === true) return { images, prompts, failed, answer: next.value };
		const chunk = next.value;
		if (chunk.type === 'failedImages') failed.push(...chunk.messages);
		if (chunk.type === 'revisedPrompts') prompts.push(...chunk.prompts);
		if (chunk.type !== 'image') continue;
		expect(chunk.image.alt).toBe('A cat');
		images.push(...chunk.image.images);
		const { content } = chunk.image;
		if (content !== undefined) images.push(Buffer.concat(await collect(content)));
	}
}

test('images within the answer come out, however it is cut', async () => {
	const data = [{ b64_json: BASE64, revised_prompt: 'Two' }, { b64_json: BASE64 }];
	for (const { name, chunks } of everyCutting(bytesOf(JSON.stringify({ data, created: 7 })))) {
		const { images, prompts, answer } = await readParts({ chunks });
		expect(images, name).toEqual([PNG, PNG]);
		expect(prompts, name).toEqual(['Two', undefined]);
		expect(answer['created'], name).toBe(7);
	}
});

test('links come out together', async () => {
	const data = [{ url: LINK }, { url: `${LINK}?2`, revised_prompt: 'Two' }];
	expect(await readParts(json({ data }))).toMatchObject({
		images: [LINK, `${LINK}?2`],
		prompts: [undefined, 'Two'],
	});
});

test('a data: URL is an image within the answer', async () => {
	const data = [{ url: `data:image/png;base64,${BASE64}` }];
	expect((await readParts(json({ data }))).images).toEqual([PNG]);
});

describe('a link whose entry has no base64', () => {
	test.each([null, '', undefined])('but %j is an image', async (b64_json) => {
		const data = [{ b64_json, url: LINK, revised_prompt: '' }];
		expect(await readParts(json({ data }))).toMatchObject({
			images: [LINK],
			prompts: [undefined],
		});
	});
});

test('an entry with an image in both forms is one image', async () => {
	const { images } = await readParts(json({ data: [{ url: LINK, b64_json: BASE64 }] }));
	expect(images).toEqual([PNG]);
});

test('an entry without an image adds no prompt', async () => {
	const data = [
		{ url: null, revised_prompt: 'Held back' },
		{ url: LINK, revised_prompt: 'Two' },
	];
	expect(await readParts(json({ data }))).toMatchObject({
		images: [LINK],
		prompts: ['Two'],
	});
});

test.each<[string, unknown, Array<Buffer | string>]>([
	['under data', { data: { b64_json: BASE64 } }, [PNG]],
	['under images, as a link', { images: { url: LINK } }, [LINK]],
	['at the root', { b64_json: BASE64 }, [PNG]],
])('a single image without a list around it is an image: %s', async (_place, answer, images) => {
	expect((await readParts(json(answer))).images).toEqual(images);
});

test.each([
	[{ message: 'Sign in first', url: 'https://a/login' }, /no images/],
	[{ error: { message: 'No credit' }, data: { url: LINK } }, /./],
])('a link in %j is not an image', async (answer, message) => {
	const error = await providerErrorOf(() => readParts(json(answer)));
	expect(error.message).toMatch(message);
});

test('where links and base64 are mixed, each prompt is that of its image', async () => {
	const data = [
		{ url: LINK, revised_prompt: 'Link' },
		{ b64_json: BASE64, revised_prompt: 'Within' },
	];
	expect(await readParts(json({ data }))).toMatchObject({
		images: [PNG, LINK],
		prompts: ['Within', 'Link'],
	});
});

test.each<[string, MemoryAnswer, string, RegExp]>([
	['nothing', { chunks: [' \n'] }, 'protocol', /empty answer/],
	['no images', json({ data: [] }), 'protocol', /no images/],
	['no data', json({ created: 7 }), 'protocol', /no images/],
	['no object', json([7]), 'protocol', /no images/],
	['no link', json({ data: [{ revised_prompt: 'x' }, null] }), 'protocol', /No image URL/],
	['broken JSON', json('{"data":[{"url"'), 'protocol', /broken JSON/],
	['a page', page(PLAIN_PAGE), 'protocol', /web page/],
	['a captcha', page(CAPTCHA_PAGE), 'blocked', /captcha/],
	['an error', json({ error: { message: 'No', code: 503 } }), 'http', /503/],
	['errors in a list', json([{ error: { message: 'No' } }]), 'http', /error/],
	['half an image', json(`{"data":[{"b64_json":"${BASE64.slice(0, 9)}`), 'truncated', /broke off/],
])('%s is an error', async (_what, answer, kind, words) => {
	const error = await providerErrorOf(() => readParts(answer));
	expect(error.kind).toBe(kind);
	expect(error.message).toMatch(words);
});

test('an error is quoted without the user’s secrets', async () => {
	const answer = json({ data: null, error: { message: 'No s3cret-value' } });
	expect((await providerErrorOf(() => readParts(answer))).details.serviceMessage).toBe(
		'No s3cret-value',
	);
});

test('a hundred links are taken, more are refused before any of them is', async () => {
	const links = (count: number) => ({ data: Array.from({ length: count }, () => ({ url: LINK })) });
	expect((await readParts(json(links(100)))).images).toHaveLength(100);
	const error = await providerErrorOf(async () => await readParts(json(links(101))));
	expect(error.kind).toBe('refused');
	expect(error.message).toContain('100');
});

test('of several images, one that failed is reported in the service’s words', async () => {
	const data = [{ b64_json: BASE64 }, { error: { code: 'Sensitive', message: 'Held back' } }];
	const { images, failed } = await readParts(json({ data }));
	expect(images).toEqual([PNG]);
	expect(failed).toEqual([expect.stringContaining('Held back')]);
});

test('more than a hundred images within an answer are refused once a hundred came', async () => {
	const data = Array.from({ length: 101 }, () => ({ b64_json: BASE64 }));
	const transport = new MemoryTransport([json({ data })]);
	const request = { method: 'POST', url: 'https://a/', headers: {}, authenticated: true } as const;
	const response = await transport.send(request);
	let count = 0;
	const error = await providerErrorOf(async () => {
		for await (const { type } of readImageAnswer(response, '')) if (type === 'image') count++;
	});
	expect(error.kind).toBe('refused');
	expect(count).toBe(100);
});

test.each(['image:', 'picture:'])(
	'a link that looks like a mark (%j) takes no prompt from an image',
	async (url) => {
		const data = [
			{ url, revised_prompt: 'Spoofed' },
			{ b64_json: BASE64, revised_prompt: 'Real' },
		];
		expect(await readParts(json({ data }))).toMatchObject({
			images: [PNG, url],
			prompts: ['Real', 'Spoofed'],
		});
	},
);

test.each<[string, MemoryAnswer, Array<Buffer | string>]>([
	['a list alone', json([{ url: LINK }, { b64_json: BASE64 }]), [PNG, LINK]],
	['a list under images', json({ images: [{ url: LINK }] }), [LINK]],
	['base64 under that name', json({ data: [{ base64: BASE64 }] }), [PNG]],
	[
		'base64 as a data: URL',
		json({ data: [{ b64_json: `data:image/png;base64,${BASE64}` }] }),
		[PNG],
	],
	['base64 in lines', json({ data: [{ b64_json: BASE64.replace(/.{20}/g, '$&\r\n') }] }), [PNG]],
	['the bytes of an image', { chunks: [PNG.subarray(0, 20), PNG.subarray(20)] }, [PNG]],
	['an image beside an empty error', json({ error: '', data: [{ url: LINK }] }), [LINK]],
	['an image beside an error without content', json({ error: {}, data: [{ url: LINK }] }), [LINK]],
])('%s is an answer with images', async (_shape, answer, images) => {
	expect((await readParts(answer)).images).toEqual(images);
});
