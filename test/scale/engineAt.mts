import { AiChatsApi } from '../../credentials/AiChatsApi.credentials.ts';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { createEngine, type Engine } from '../../dev/engine/index.mts';
import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';

/** An engine for a service that runs in another process. */
export async function engineAt(baseUrl: string): Promise<Engine> {
	const types = ['aiChatsApi', 'aiChatsOpenAiCompatibleApi'];
	return await createEngine({
		package: {
			name: 'n8n-nodes-aichats',
			nodes: [AiChats],
			credentials: [AiChatsApi, AiChatsOpenAiCompatibleApi],
		},
		credentials: Object.fromEntries(types.map((type) => [type, { type, data: { baseUrl } }])),
	});
}
