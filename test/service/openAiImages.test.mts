import { expect, test } from 'vitest';

import type { MultipartPart } from '../../dev/service/index.mts';
import { bytesOf, sizeOf, typeOf } from './support/png.mts';
import { post } from './support/requests.mts';
import { lastRequest, openService } from './support/service.mts';

type Answer = ReturnType<typeof JSON.parse>;

async function generate(body: object): Promise<Answer> {
	const service = await openService();
	const small = { prompt: 'a fox', size: '64x96', ...body };
	return await (await post(`${service.url}/v1/images/generations`, small)).json();
}

test('images are named by URLs, or inside the answer', async () => {
	const service = await openService();
	const body = { model: 'dall-e-3', prompt: 'a fox', n: 2, size: '64x96' };
	const response = await post(`${service.url}/v1/images/generations`, body);
	const { data } = (await response.json()) as Answer;
	expect(data).toHaveLength(2);
	expect(data[0].revised_prompt).toContain('a fox');
	const [first, second] = await Promise.all(
		data.map(async ({ url }: { url: string }) => await bytesOf(await fetch(url))),
	);
	expect(sizeOf(first)).toEqual({ width: 64, height: 96 });
	expect(first.equals(second)).toBe(false);
	const inside = await generate({ response_format: 'b64_json' });
	expect(typeOf(Buffer.from(inside.data[0].b64_json, 'base64'))).toBe('png');
});

test('gpt-image models send the image itself, in the requested format', async () => {
	const answer = await generate({ model: 'gpt-image-1', output_format: 'webp' });
	expect(typeOf(Buffer.from(answer.data[0].b64_json, 'base64'))).toBe('webp');
	expect(answer).toMatchObject({ output_format: 'webp', size: '64x96' });
	expect(answer.usage).toMatchObject({ input_tokens: 2, output_tokens: 6, total_tokens: 8 });
});

test('what cannot be drawn is refused', async () => {
	for (const body of [{ prompt: '' }, { size: 'big' }, { n: 11 }, { n: 0 }]) {
		expect(await generate(body)).toMatchObject({ error: { type: 'invalid_request_error' } });
	}
	const unknown = await generate({ model: 'no-such-model' });
	expect(unknown.error.code).toBe('model_not_found');
});

function editForm(images: string[]): FormData {
	const form = new FormData();
	form.set('model', 'gpt-image-1');
	form.set('prompt', 'add a hat');
	form.set('size', '64x64');
	for (const name of images) form.append(name, new Blob(['12345'], { type: 'image/png' }), 'a.png');
	return form;
}

async function edit(url: string, form: FormData): Promise<Response> {
	return await fetch(`${url}/v1/images/edits`, { method: 'POST', body: form });
}

test('an edit takes a form with images', async () => {
	const service = await openService();
	const form = editForm(['image[]', 'image[]', 'mask']);
	const answer = (await (await edit(service.url, form)).json()) as Answer;
	expect(typeOf(Buffer.from(answer.data[0].b64_json, 'base64'))).toBe('png');
	const parts = lastRequest(service).body as MultipartPart[];
	expect(parts.map(({ name }) => name)).toEqual([
		...['model', 'prompt', 'size', 'image[]', 'image[]', 'mask'],
	]);
	expect(parts[3]).toMatchObject({ fileName: 'a.png', contentType: 'image/png' });
	expect(parts[3]?.bytes.toString()).toBe('12345');
});

test('an edit without an image, or without a form, is refused', async () => {
	const service = await openService();
	const missing = await edit(service.url, editForm([]));
	expect(await missing.json()).toMatchObject({ error: { param: 'image' } });
	const json = await post(`${service.url}/v1/images/edits`, { prompt: 'a' });
	expect(json.status).toBe(400);
});
