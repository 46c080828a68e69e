import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { png } from '../../test/support/images.mts';
import { json, type MemoryAnswer, MemoryTransport } from '../../test/support/memoryTransport.mts';
import { collect } from '../../test/support/streams.mts';
import type { ImageOptions, Message } from '../types.ts';
import { OpenAiCompatible } from './OpenAiCompatible.ts';

const PROMPT: Message[] = [{ role: 'user', content: 'a kite' }];
const LINK = 'https://images.example/kite.png';
const DRAWN = json({
	choices: [{ message: { images: [{ image_url: { url: LINK } }] }, finish_reason: 'stop' }],
});
const FILE = { fileName: 'a.png', mimeType: 'image/png', bytes: png(1, 1) };

function refusal(status: number, message: string, param?: string): MemoryAnswer {
	return json({ error: { message, param } }, status);
}

async function draw(answers: MemoryAnswer[], image: ImageOptions = {}) {
	const transport = new MemoryTransport(answers);
	const provider = new OpenAiCompatible(transport, 'http://localhost:1/v1');
	const chunks = () => collect(provider.createAsyncGenerator('m', PROMPT, { image }));
	return { transport, chunks };
}

describe('an image is asked for in the chat', () => {
	test.each([
		['there is no endpoint for images', refusal(404, 'Not Found')],
		['that endpoint is switched off', refusal(501, 'Not implemented')],
		[
			'its refusal names the chat',
			refusal(400, 'This model is only supported in v1/chat/completions'),
		],
	])('where %s', async (_, first) => {
		const { transport, chunks } = await draw([first, DRAWN]);
		expect(await chunks()).toContainEqual(
			expect.objectContaining({ image: expect.objectContaining({ images: [LINK] }) }),
		);
		expect(transport.requests.at(-1)).toMatchObject({
			url: 'http://localhost:1/v1/chat/completions',
			isCostly: true,
		});
	});

	test('without the field for it where the server does not know that', async () => {
		const unknown = refusal(400, "Unrecognized request argument supplied: 'modalities'");
		const { transport, chunks } = await draw([refusal(404, 'Not Found'), unknown, DRAWN]);
		await chunks();
		const sent = transport.requests.slice(1).map(({ body }) => JSON.parse(String(body)));
		expect(sent.map(({ modalities }) => modalities)).toEqual([['image', 'text'], undefined]);
	});
});

describe('an image is not asked for in the chat', () => {
	test.each([
		['the model is not there', refusal(404, "The model 'm' does not exist", 'model'), {}],
		['the prompt is refused', refusal(400, 'Your request was rejected by the safety system'), {}],
		[
			'the prompt that is refused speaks of a chat',
			refusal(400, 'Rejected by the safety system: "A chat with a model"'),
			{},
		],
		['there is a mask', refusal(404, 'Not Found'), { sources: [FILE], mask: FILE }],
	])('where %s', async (_, first, image) => {
		const { transport, chunks } = await draw([first, DRAWN], image);
		await providerErrorOf(chunks);
		expect(transport.requests).toHaveLength(1);
	});
});
