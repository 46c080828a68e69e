/**
 * Runs the Image operation in a process of its own and prints, as JSON, by how much the process's
 * memory rose. Arguments: base URL of a service, then the parameters of the node as JSON, those of a
 * warm-up first, then `collecting` or nothing. Needs --expose-gc.
 */
import type { INodeParameters } from 'n8n-workflow';

import { AiChatsApi } from '../../credentials/AiChatsApi.credentials.ts';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { createEngine } from '../../dev/engine/index.mts';
import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';
import { NODE, oneNode } from '../engine/support.mts';
import { settle, watchMemory } from './watchMemory.mts';

/** What the process tells about its run, in bytes. */
export interface ImageRun {
	before: number;
	peak: number;
	fileBytes: number;
}

const [baseUrl = '', warmUp = '', measured = '', mode = ''] = process.argv.slice(2);

const data = { baseUrl };
const engine = await createEngine({
	package: {
		name: 'n8n-nodes-aichats',
		nodes: [AiChats],
		credentials: [AiChatsApi, AiChatsOpenAiCompatibleApi],
	},
	credentials: {
		aiChatsApi: { type: 'aiChatsApi', data },
		aiChatsOpenAiCompatibleApi: { type: 'aiChatsOpenAiCompatibleApi', data },
	},
});

async function draw(parameters: string): Promise<number> {
	const run = await engine.run(oneNode(JSON.parse(parameters) as INodeParameters));
	if (run.status !== 'success') throw run.error ?? new Error(run.status);
	return Number(run.items(NODE)[0]?.json['bytes']);
}

for (let round = 0; round < 5; round++) await draw(warmUp);
await settle();
const memory = watchMemory(mode === 'collecting');
const fileBytes = await draw(measured);
const result: ImageRun = { ...memory.stop(), fileBytes };
await engine.close();
console.log(JSON.stringify(result));
