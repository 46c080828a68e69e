import { describe, expect, it } from 'vitest';

import { chat, image, openAiChat, openAiImage } from './parameters.mts';
import { runAt } from './runAt.mts';
import { useBench } from './useBench.mts';
import { startWebSite } from './webSite.mts';

const ASKS = [
	['Chat with Ai-Chats', chat],
	['Image with Ai-Chats', image],
	['Chat with an OpenAI-compatible server', openAiChat],
	['Image with an OpenAI-compatible server', openAiImage],
] as const;

describe.each(ASKS)('%s at a wrong address', (name, ask) => {
	const bench = useBench();

	it('that is a web site says so', async () => {
		const site = await startWebSite();
		try {
			const { error } = await runAt(site.url, ask('a red kite'));
			expect(error).toMatchObject({
				name: 'NodeApiError',
				message: 'The service answered with a web page',
				description: expect.stringMatching(/base URL in the credential.*said: Welcome/),
			});
		} finally {
			await site.close();
		}
	});

	it('where nothing is says so', async () => {
		const { error } = await runAt(`${bench().service.url}/v1/nowhere`, ask('a red kite'));
		const hasNoImages = name === 'Image with an OpenAI-compatible server';
		expect(error).toMatchObject({
			message: hasNoImages
				? 'This server has no endpoint for images'
				: 'The service answered with status 404',
			httpCode: '404',
			description: expect.stringMatching(/(this address|this base URL).*Code: unknown_url/),
		});
	});

	it.each(['ftp://example.com', 'not a url', 'http://'])('%s is refused', async (baseUrl) => {
		const { error } = await runAt(baseUrl, ask('a red kite'));
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: 'The base URL is not an http(s) URL',
		});
	});

	it('with a password in it is refused without telling it', async () => {
		const { error } = await runAt('http://user:hunter22@127.0.0.1:9', ask('a red kite'));
		expect(error?.message).toBe('The base URL must not contain a user name or password');
		expect(JSON.stringify(error)).not.toContain('hunter22');
	});
});
