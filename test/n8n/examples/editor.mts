import type { INode, INodeTypeDescription } from 'n8n-workflow';

import { loadRuntime } from '../../../dev/engine/runtime.mts';
import type { N8nClient } from '../../../dev/n8n/N8nClient.mts';

/** A node as the editor shows it. */
export interface OpenedNode {
	/** With defaults; what has no field, or whose field is not shown, is gone. */
	parameters: unknown;
	/** What is marked in red, or null. */
	issues: unknown;
}

/** What the editor makes of an imported node. */
export class Editor {
	private readonly helpers = loadRuntime().workflow.NodeHelpers;

	private constructor(private readonly types: readonly INodeTypeDescription[]) {}

	/** Knows what n8n has loaded. */
	static async open(client: N8nClient): Promise<Editor> {
		return new Editor((await client.types('nodes')) as INodeTypeDescription[]);
	}

	/** @throws Error for a type, or a version of it, that n8n does not have */
	show(node: INode): OpenedNode {
		const { type, typeVersion, parameters } = node;
		const description = this.types.find(
			({ name, version }) => name === type && [version].flat().includes(typeVersion),
		);
		if (description === undefined) throw new Error(`n8n has no ${type} ${typeVersion}`);
		const { properties } = description;
		const { getNodeParameters, getNodeParametersIssues } = this.helpers;
		const kept = getNodeParameters(properties, parameters, true, false, node, description);
		const shown = { ...node, parameters: kept ?? {} };
		return { parameters: kept, issues: getNodeParametersIssues(properties, shown, description) };
	}
}
