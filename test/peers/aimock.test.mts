import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { UndiciTransport } from '../../dev/UndiciTransport.mts';
import { collectReply } from '../../providers/collectReply.ts';
import { OpenAiCompatible } from '../../providers/openAiCompatible/OpenAiCompatible.ts';
import type { GenerateOptions } from '../../providers/types.ts';
import { png } from '../support/images.mts';

const IMAGE = Buffer.from(png(3, 5)).toString('base64');

describe('Our provider with an OpenAI server that is not ours (aimock)', () => {
	let mock: LLMock;
	let provider: OpenAiCompatible;
	const transport = new UndiciTransport({ headers: { authorization: 'Bearer a-key' } });

	beforeAll(async () => {
		mock = new LLMock({ port: 0, chunkSize: 4 });
		mock.onMessage('hello', { content: 'Hello from another server.' });
		mock.onMessage('weather', {
			toolCalls: [{ name: 'get_weather', arguments: '{"city":"Zürich"}' }],
		});
		mock.onMessage('broken', { error: { message: 'Slow down', type: 'rate_limit' }, status: 429 });
		mock.onImage('a kite', { image: { b64Json: IMAGE, revisedPrompt: 'a red kite' } });
		await mock.start();
		provider = new OpenAiCompatible(transport, mock.url);
	});
	afterAll(async () => {
		await transport.close();
		await mock.stop();
	});

	const ask = async (content: string, options: GenerateOptions = {}) =>
		await collectReply(
			provider.createAsyncGenerator('gpt-4o', [{ role: 'user', content }], options),
		);

	it('reads a streamed answer with its usage', async () => {
		const reply = await ask('hello');
		expect(reply).toMatchObject({ text: 'Hello from another server.', finishReason: 'stop' });
		expect(reply.fragments).toBeGreaterThan(1);
		expect(reply.usage?.totalTokens).toEqual(expect.any(Number));
	});

	it('reads a plain answer', async () => {
		const reply = await ask('hello', { extraBody: { stream: false, stream_options: undefined } });
		expect(reply).toMatchObject({ text: 'Hello from another server.', fragments: 1 });
	});

	it('puts a streamed tool call together', async () => {
		const { toolCalls, finishReason } = await ask('weather');
		expect(finishReason).toBe('tool_calls');
		expect(toolCalls).toEqual([
			{ id: expect.stringMatching(/./), name: 'get_weather', arguments: '{"city":"Zürich"}' },
		]);
	});

	it('tells its errors', async () => {
		await expect(ask('broken')).rejects.toMatchObject({
			kind: 'http',
			retryable: true,
			details: { status: 429, serviceMessage: 'Slow down' },
		});
	});

	it('lists its models', async () => {
		expect((await provider.listModels('chat')).length).toBeGreaterThan(0);
	});

	it('reads its images', async () => {
		const url = await provider.createAsync('gpt-image-1', [{ role: 'user', content: 'a kite' }], {
			image: {},
		});
		expect(url).toBe(`data:image/png;base64,${IMAGE}`);
	});
});
