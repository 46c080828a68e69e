import { expect, test } from 'vitest';

import { DEFAULT_MODELS } from '../../../../nodes/shared/defaultModels.ts';
import { AiChats } from '../../../../providers/aiChats/AiChats.ts';
import { OpenAiCompatible } from '../../../../providers/openAiCompatible/OpenAiCompatible.ts';
import { MemoryTransport } from '../../../support/memoryTransport.mts';

// The fields promise one model, and the Chat Model asks for the provider's: they must be the same.
test('the default for Chat is the one that the provider takes by itself', () => {
	const transport = new MemoryTransport([]);
	const aiChats = new AiChats(transport);
	expect(DEFAULT_MODELS.chat.aiChats).toBe(aiChats.getModel(''));
	expect(aiChats.models).toContain(DEFAULT_MODELS.image.aiChats);
});

test('the same holds for OpenAI-compatible servers', () => {
	const { defaultModel } = new OpenAiCompatible(new MemoryTransport([]), 'https://a.example/v1');
	expect(DEFAULT_MODELS.chat.openAiCompatible).toBe(defaultModel);
});
