import { type ISupplyDataFunctions, NodeOperationError } from 'n8n-workflow';
import { expect, test, vi } from 'vitest';

import { NODE, strict } from '../../test/support/strictContext.mts';
import { AiChats } from '../AiChats/AiChats.node.ts';
import { LmChatAiChats } from './LmChatAiChats.node.ts';

vi.mock('@n8n/ai-node-sdk', () => {
	throw new Error("Cannot find module '@n8n/ai-node-sdk'");
});

test('both nodes load on an n8n that has no SDK for chat models', () => {
	expect(new AiChats().description.name).toBe('aiChats');
	expect(new LmChatAiChats().description.name).toBe('lmChatAiChats');
});

test('the Chat Model says there what it needs', async () => {
	const context = strict<ISupplyDataFunctions>('context', { getNode: () => NODE });
	const supplied = new LmChatAiChats().supplyData.call(context, 0);
	await expect(supplied).rejects.toThrow(NodeOperationError);
	await expect(supplied).rejects.toThrow('needs n8n 2.20 or later');
});
