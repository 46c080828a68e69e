import { describe, expect, test } from 'vitest';

import { readPictureAnswer } from '../../../../providers/picture/readPictureAnswer.ts';
import { providerErrorOf } from '../../../support/failure.mts';
import {
	json,
	type MemoryAnswer,
	MemoryTransport,
	page,
} from '../../../support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../../support/pages.mts';
import { png } from '../../../support/pictures.mts';
import { bytesOf, everyCutting } from '../../../support/splits.mts';
import { collect } from '../../../support/streams.mts';

const PNG = Buffer.from(png(3, 2));
const BASE64 = PNG.toString('base64');
const LINK = 'https://a/b.png';

async function read(answer: MemoryAnswer) {
	const transport = new MemoryTransport([answer]);
	const request = { method: 'POST', url: 'https://a/', headers: {}, authenticated: true } as const;
	const chunks = readPictureAnswer(await transport.send(request), 'A cat', transport);
	const pictures: Array<Buffer | string> = [];
	const prompts: Array<string | undefined> = [];
	for (;;) {
		const next = await chunks.next();
		if (next.done === true) return { pictures, prompts, answer: next.value };
		const chunk = next.value;
		if (chunk.type === 'revisedPrompts') prompts.push(...chunk.prompts);
		if (chunk.type !== 'image') continue;
		expect(chunk.image.alt).toBe('A cat');
		pictures.push(...chunk.image.images);
		const { content } = chunk.image;
		if (content !== undefined) pictures.push(Buffer.concat(await collect(content)));
	}
}

test('pictures within the answer come out, however it is cut', async () => {
	const data = [{ b64_json: BASE64, revised_prompt: 'Two' }, { b64_json: BASE64 }];
	for (const { name, chunks } of everyCutting(bytesOf(JSON.stringify({ data, created: 7 })))) {
		const { pictures, prompts, answer } = await read({ chunks });
		expect(pictures, name).toEqual([PNG, PNG]);
		expect(prompts, name).toEqual(['Two', undefined]);
		expect(answer['created'], name).toBe(7);
	}
});

test('links come out together', async () => {
	const data = [{ url: LINK }, { url: `${LINK}?2`, revised_prompt: 'Two' }];
	expect(await read(json({ data }))).toMatchObject({
		pictures: [LINK, `${LINK}?2`],
		prompts: [undefined, 'Two'],
	});
});

test('a data: URL is a picture within the answer', async () => {
	const data = [{ url: `data:image/png;base64,${BASE64}` }];
	expect((await read(json({ data }))).pictures).toEqual([PNG]);
});

describe('a link whose entry has no base64', () => {
	test.each([null, '', undefined])('but %j is a picture', async (b64_json) => {
		const data = [{ b64_json, url: LINK, revised_prompt: '' }];
		expect(await read(json({ data }))).toMatchObject({ pictures: [LINK], prompts: [undefined] });
	});
});

test('an entry with a picture in both forms is one picture', async () => {
	const { pictures } = await read(json({ data: [{ url: LINK, b64_json: BASE64 }] }));
	expect(pictures).toEqual([PNG]);
});

test('an entry without a picture adds no prompt', async () => {
	const data = [
		{ url: null, revised_prompt: 'Held back' },
		{ url: LINK, revised_prompt: 'Two' },
	];
	expect(await read(json({ data }))).toMatchObject({ pictures: [LINK], prompts: ['Two'] });
});

test('where links and base64 are mixed, each prompt is that of its picture', async () => {
	const data = [
		{ url: LINK, revised_prompt: 'Link' },
		{ b64_json: BASE64, revised_prompt: 'Within' },
	];
	expect(await read(json({ data }))).toMatchObject({
		pictures: [PNG, LINK],
		prompts: ['Within', 'Link'],
	});
});

test.each<[string, MemoryAnswer, string, RegExp]>([
	['nothing', { chunks: [' \n'] }, 'protocol', /empty answer/],
	['no pictures', json({ data: [] }), 'protocol', /no pictures/],
	['no data', json({ created: 7 }), 'protocol', /no pictures/],
	['no object', json([7]), 'protocol', /no pictures/],
	['no link', json({ data: [{ revised_prompt: 'x' }, null] }), 'protocol', /No image URL/],
	['broken JSON', json('{"data":[{"url"'), 'protocol', /broken JSON/],
	['a page', page(PLAIN_PAGE), 'protocol', /web page/],
	['a captcha', page(CAPTCHA_PAGE), 'blocked', /captcha/],
	['an error', json({ error: { message: 'No', code: 503 } }), 'http', /503/],
	['errors in a list', json([{ error: { message: 'No' } }]), 'http', /error/],
	['half a picture', json(`{"data":[{"b64_json":"${BASE64.slice(0, 9)}`), 'truncated', /broke off/],
])('%s is an error', async (_what, answer, kind, words) => {
	const error = await providerErrorOf(() => read(answer));
	expect(error.kind).toBe(kind);
	expect(error.message).toMatch(words);
});

test('an error is quoted without the user’s secrets', async () => {
	const answer = json({ data: null, error: { message: 'No s3cret-value' } });
	expect((await providerErrorOf(() => read(answer))).details.serviceMessage).toBe('No *****');
});

test('a hundred links are taken, more are refused before any of them is', async () => {
	const links = (count: number) => ({ data: Array.from({ length: count }, () => ({ url: LINK })) });
	expect((await read(json(links(100)))).pictures).toHaveLength(100);
	const error = await providerErrorOf(async () => await read(json(links(101))));
	expect(error.kind).toBe('refused');
	expect(error.message).toContain('100');
});
