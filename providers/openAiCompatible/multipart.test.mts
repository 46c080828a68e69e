import fc from 'fast-check';
import { expect, test } from 'vitest';

import { multipart } from './images.ts';

async function parsed(...parameters: Parameters<typeof multipart>): Promise<FormData> {
	const { contentType, body } = multipart(...parameters);
	const response = new Response(body as BodyInit, { headers: { 'content-type': contentType } });
	return await response.formData();
}

test('fields and files arrive as a server reads them', async () => {
	const bytes = Uint8Array.of(0, 13, 10, 45, 45, 255);
	const file = { fileName: 'a "cat"\r\nx.png', mimeType: 'image/png', bytes };
	const form = await parsed({ prompt: 'é\r\n--x', n: 2, list: ['a'] }, [{ name: 'image[]', file }]);
	expect([form.get('prompt'), form.get('n'), form.get('list')]).toEqual(['é\r\n--x', '2', '["a"]']);
	const received = form.get('image[]') as File;
	expect(received.type).toBe('image/png');
	expect(new Uint8Array(await received.arrayBuffer())).toEqual(bytes);
});

test('line breaks in a name cannot add a header of their own', () => {
	const file = { fileName: 'a\r\nx-evil: 1.png', mimeType: 'image/png', bytes: new Uint8Array() };
	const { body } = multipart({}, [{ name: 'image', file }]);
	expect(Buffer.from(body).toString()).not.toContain('\r\nx-evil');
});

test('each body has a boundary of its own', () => {
	expect(multipart({}, []).contentType).not.toBe(multipart({}, []).contentType);
});

test('whatever the prompt and the files, a server reads what was sent', async () => {
	const file = fc.record({
		fileName: fc.stringMatching(/^[a-zé ]{1,9}\.png$/),
		mimeType: fc.constantFrom('image/png', 'image/webp'),
		bytes: fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
	});
	const prompts = fc.string({ unit: 'binary', minLength: 1 });
	await fc.assert(
		fc.asyncProperty(prompts, fc.array(file), async (prompt, files) => {
			const named = files.map((source) => ({ name: 'image[]', file: source }));
			const form = await parsed({ prompt, n: 2 }, named);
			expect([form.get('prompt'), form.get('n')]).toEqual([prompt, '2']);
			const received = await Promise.all(
				(form.getAll('image[]') as File[]).map(async (part) => ({
					fileName: part.name,
					mimeType: part.type,
					bytes: new Uint8Array(await part.arrayBuffer()),
				})),
			);
			expect(received).toEqual(files);
		}),
	);
});
