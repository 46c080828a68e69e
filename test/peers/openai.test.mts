import OpenAI, { APIError, toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type LocalService, startLocalService } from '../../dev/service/index.mts';
import { sniffImage } from '../../providers/image/format.ts';
import { png } from '../support/images.mts';

const KEY = 'key-of-a-peer';
const SMALL = '[[size width=32 height=16]]';

describe("OpenAI's own client with the local service", () => {
	let service: LocalService;
	let client: OpenAI;

	beforeAll(async () => {
		service = await startLocalService({ apiKey: KEY });
		client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: KEY, maxRetries: 0 });
	});
	beforeEach(() => service.reset());
	afterAll(async () => await service.close());

	const messages = [{ role: 'user' as const, content: '[[text value="Hello you"]] hi' }];

	it('chats', async () => {
		const answer = await client.chat.completions.create({ model: 'gpt-4o-mini', messages });
		expect(answer.choices[0]).toMatchObject({
			finish_reason: 'stop',
			message: { role: 'assistant', content: 'Hello you' },
		});
		expect(answer.usage?.total_tokens).toBeGreaterThan(0);
	});

	it('chats with a streamed answer and its usage', async () => {
		const stream = await client.chat.completions.create({
			model: 'gpt-4o-mini',
			messages,
			stream: true,
			stream_options: { include_usage: true },
		});
		const chunks = await Array.fromAsync(stream);
		const texts = chunks.flatMap(({ choices }) => choices[0]?.delta.content || []);
		expect(texts).toEqual(['Hello', ' you']);
		expect(chunks.at(-1)?.usage?.completion_tokens).toBe(3);
	});

	it('puts streamed tool calls together', async () => {
		const parameters = { type: 'object', properties: { city: { type: 'string' } } };
		const stream = client.chat.completions.stream({
			model: 'gpt-4o-mini',
			messages: [{ role: 'user', content: 'use get_weather' }],
			tools: [{ type: 'function', function: { name: 'get_weather', parameters } }],
		});
		const { choices } = await stream.finalChatCompletion();
		const call = choices[0]?.message.tool_calls?.[0];
		expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } });
		expect(JSON.parse((call as { function: { arguments: string } }).function.arguments)).toEqual({
			city: 'use get_weather',
		});
	});

	it('lists the models', async () => {
		const models = await Array.fromAsync(client.models.list());
		expect(models.map(({ id }) => id)).toContain('gpt-4o-mini');
	});

	it('gets an image by its URL', async () => {
		const prompt = `a kite ${SMALL}`;
		const { data } = await client.images.generate({ model: 'dall-e-3', prompt });
		const image = await fetch(data?.[0]?.url ?? '');
		expect(sniffImage(new Uint8Array(await image.arrayBuffer()))?.extension).toBe('png');
	});

	it('gets an image in base64', async () => {
		const prompt = `a kite ${SMALL}`;
		const { data } = await client.images.generate({ model: 'gpt-image-1', prompt });
		expect(sniffImage(Buffer.from(data?.[0]?.b64_json ?? '', 'base64'))?.extension).toBe('png');
	});

	it('edits an image', async () => {
		const bytes = png(8, 8);
		const image = await toFile(Buffer.from(bytes), 'kite.png', { type: 'image/png' });
		const { data } = await client.images.edit({
			model: 'gpt-image-1',
			prompt: `red ${SMALL}`,
			image,
		});
		expect(data?.[0]?.b64_json).toMatch(/^iVBOR/);
		expect(service.requests.at(-1)?.body).toContainEqual({
			name: 'image',
			fileName: 'kite.png',
			contentType: 'image/png',
			bytes: Buffer.from(bytes),
		});
	});

	it.each([
		[429, OpenAI.RateLimitError],
		[500, OpenAI.InternalServerError],
	])('takes a %d for its own error', async (status, expected) => {
		const content = `[[status code=${status}]] hi`;
		const asking = client.chat.completions.create({
			model: 'gpt-4o-mini',
			messages: [{ role: 'user', content }],
		});
		const error = await asking.catch((failure: unknown) => failure);
		expect(error).toBeInstanceOf(expected);
		expect((error as APIError).requestID).toMatch(/^\S+$/);
	});

	it('takes a wrong key for a failed authentication', async () => {
		const stranger = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
		const asking = stranger.chat.completions.create({ model: 'gpt-4o-mini', messages });
		await expect(asking).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
	});
});
