import { randomUUID } from 'node:crypto';

import type { IExecuteFunctions } from 'n8n-workflow';

import { AiChatsApi } from '../../../credentials/AiChatsApi.credentials.ts';
import { AiChatsOpenAiCompatibleApi } from '../../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { createEngine, type WorkflowJson } from '../../../dev/engine/index.mts';
import type { Transport } from '../../../providers/Transport.ts';
import { N8nTransport } from '../../../transport/N8nTransport.ts';
import { node } from '../../engine/support.mts';
import type { Access } from './access.mts';
import { Probe } from './probe.mts';
import type { TransportKind } from './transportKind.mts';

/** Through n8n's HTTP helpers, inside the `execute()` of a node that the real engine runs. */
export const n8nKind: TransportKind = {
	name: "n8n's helpers",
	async open({ type, ...data }, baseUrl) {
		const engine = await createEngine({
			package: {
				name: 'n8n-nodes-probe',
				nodes: [Probe],
				credentials: [AiChatsApi, AiChatsOpenAiCompatibleApi],
			},
			credentials: { [type]: { type, data: { baseUrl, ...data } } },
		});
		return {
			async use<T>(body: (transport: Transport) => Promise<T>): Promise<T> {
				const task = randomUUID();
				const result = Promise.withResolvers<T>();
				Probe.waiting.set(task, async (context) => {
					// The body's failure belongs to the test, not to the engine's run.
					await transportOf(context, type).then(body).then(result.resolve, result.reject);
				});
				const run = await engine.run(workflow(task, type));
				Probe.waiting.delete(task);
				if (run.status !== 'success') result.reject(run.error);
				return await result.promise;
			},
			close: async () => await engine.close(),
		};
	},
};

async function transportOf(
	context: IExecuteFunctions,
	type: Access['type'],
): Promise<N8nTransport> {
	return new N8nTransport(context, type, await context.getCredentials(type));
}

function workflow(task: string, type: Access['type']): WorkflowJson {
	const probe = node('Probe', 'n8n-nodes-probe.probe', { task });
	return {
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			{ ...probe, credentials: { [type]: { id: type, name: type } } },
		],
		connections: { Start: { main: [[{ node: 'Probe', type: 'main', index: 0 }]] } },
	};
}
