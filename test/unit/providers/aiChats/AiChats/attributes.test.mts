import { describe, expect, test } from 'vitest';

import { AiChats } from '../../../../../providers/aiChats/AiChats.ts';
import { providerErrorOf } from '../../../../support/failure.mts';
import { MemoryTransport } from '../../../../support/memoryTransport.mts';

import { service } from './service.mts';

describe('attributes', () => {
	test('are those of the protocol page', () => {
		const { provider } = service();
		expect(provider).toMatchObject({
			url: 'https://ai-chats.org',
			apiEndpoint: 'https://ai-chats.org/chat/send2/',
			working: false,
			supportsMessageHistory: true,
			defaultModel: 'gpt-4',
			models: ['gpt-4', 'dalle'],
		});
	});

	test.each(['http://localhost:8080/base', 'http://localhost:8080/base/'])(
		'the base URL %j leads to the same endpoint',
		(url) => {
			const provider = new AiChats(new MemoryTransport([]), url);
			expect(provider.url).toBe('http://localhost:8080/base');
			expect(provider.apiEndpoint).toBe('http://localhost:8080/base/chat/send2/');
		},
	);

	test('anything but an http(s) base URL is refused', async () => {
		const error = await providerErrorOf(() => new AiChats(new MemoryTransport([]), 'ftp://a'));
		expect(error.kind).toBe('refused');
	});

	test('the models are told by what they do', async () => {
		const { provider } = service();
		expect(await provider.listModels('chat')).toEqual(['gpt-4']);
		expect(await provider.listModels('image')).toEqual(['dalle']);
	});
});
