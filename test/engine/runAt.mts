import type { INode, INodeParameters } from 'n8n-workflow';

import { createEngine } from '../../dev/engine/index.mts';
import { NODE_PACKAGE, oneNode } from './support.mts';

/** Runs one node whose credentials hold this base URL, which need not be the bench's. */
export async function runAt(
	baseUrl: string,
	parameters: INodeParameters,
	onError?: INode['onError'],
) {
	const types = ['aiChatsApi', 'aiChatsOpenAiCompatibleApi'];
	const engine = await createEngine({
		package: NODE_PACKAGE,
		credentials: Object.fromEntries(types.map((type) => [type, { type, data: { baseUrl } }])),
	});
	try {
		return await engine.run(oneNode(parameters, onError));
	} finally {
		await engine.close();
	}
}
