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

async function draw(answers: MemoryAnswer[], image: ImageOptions = {}, prompt = PROMPT) {
	const transport = new MemoryTransport(answers);
	const provider = new OpenAiCompatible(transport, 'http://localhost:1/v1');
	const chunks = () => collect(provider.createAsyncGenerator('m', prompt, { image }));
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

describe('a refusal that quotes the prompt', () => {
	const content = 'A sign that says "not allowed", in the style of a chat with a model';
	const prompt = [{ role: 'user' as const, content }];
	const refused = refusal(400, 'Rejected: "not allowed", in the style of a chat with a mod');

	test('teaches neither that a field is not known nor to ask in the chat', async () => {
		const { transport, chunks } = await draw([refused, DRAWN], { style: 'vivid' }, prompt);
		const { details } = await providerErrorOf(chunks);
		expect(details.serviceMessage).toContain('Rejected');
		expect(transport.requests).toHaveLength(1);
	});
});

test('a field whose leaving out did not help is sent again with the next request', async () => {
	const transport = new MemoryTransport([
		refusal(400, 'style is not supported'),
		refusal(400, 'Something else'),
		json({ data: [{ url: LINK }] }),
	]);
	const provider = new OpenAiCompatible(transport, 'http://localhost:1/v1');
	const options = { image: { style: 'vivid' } };
	const drawOnce = () => collect(provider.createAsyncGenerator('m', PROMPT, options));
	await providerErrorOf(drawOnce);
	await drawOnce();
	const sent = transport.requests.map(({ body }) => JSON.parse(String(body)));
	expect(sent.map(({ style }) => style)).toEqual(['vivid', undefined, 'vivid']);
});
