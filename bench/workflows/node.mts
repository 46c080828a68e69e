import { randomUUID } from 'node:crypto';

import type { IConnections, INode, INodeConnections, INodeParameters } from 'n8n-workflow';

import type { WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';

/** What a contestant's workflow does with the items, and how it is told apart from the rest. */
export interface Recipe {
	/** Nodes in front whose time does not count. */
	before?: INode[];
	/** The nodes in a row, behind whatever makes the items. Their times are added up. */
	nodes: INode[];
	/** A model below the first of them. */
	model?: INode;
}

export interface NodeOptions {
	name?: string;
	/** Type of the credential it has, if any. */
	credential?: string;
}

/** A node of a workflow. The n8n that gets it puts in the id of its own credential. */
export function node(
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
	{ name = 'Measured', credential }: NodeOptions = {},
): INode {
	return {
		id: randomUUID(),
		name,
		type,
		typeVersion,
		position: [0, 0],
		parameters,
		...(credential === undefined
			? {}
			: { credentials: { [credential]: { id: null, name: credential } } }),
	};
}

/** The same with settings of n8n on its last node, such as *Retry On Fail*. */
export function withSettings(recipe: Recipe, settings: Partial<INode>): Recipe {
	const last = recipe.nodes.length - 1;
	const nodes = recipe.nodes.map((one, index) => (index === last ? { ...one, ...settings } : one));
	return { ...recipe, nodes };
}

/** How the webhook in front answers. */
export type ResponseMode = 'lastNode' | 'streaming';

/**
 * A workflow that a webhook starts: its request's list `items` becomes the items of the recipe.
 * @param webhookPath last part of the webhook's URL
 */
export function webhookWorkflow(
	{ before = [], nodes, model }: Recipe,
	webhookPath: string,
	responseMode: ResponseMode,
): WorkflowDefinition {
	const webhook: INode = {
		...node(
			'n8n-nodes-base.webhook',
			2.1,
			{ httpMethod: 'POST', path: webhookPath, responseMode, responseData: 'noData', options: {} },
			{ name: 'Webhook' },
		),
		webhookId: randomUUID(),
	};
	const split = node(
		'n8n-nodes-base.splitOut',
		1,
		{ fieldToSplitOut: 'body.items', options: { destinationFieldName: 'input' } },
		{ name: 'Items' },
	);
	const row = [webhook, split, ...before, ...nodes];
	const connections = inARow(row);
	if (model !== undefined) {
		const target = { node: nodes[0]?.name ?? '', type: 'ai_languageModel' as const, index: 0 };
		connections[model.name] = { ai_languageModel: [[target]] };
	}
	return {
		nodes: [...row, ...(model === undefined ? [] : [model])],
		connections,
		settings: { executionOrder: 'v1' },
	};
}

function inARow(row: readonly INode[]): IConnections {
	const pairs = row.slice(1).map(({ name }, index) => {
		const target = { node: name, type: 'main' as const, index: 0 };
		const outgoing: INodeConnections = { main: [[target]] };
		return [(row[index] as INode).name, outgoing] as const;
	});
	return Object.fromEntries(pairs);
}
