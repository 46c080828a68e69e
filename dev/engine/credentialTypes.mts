import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import type { EngineNodeTypes } from './nodeTypes.mts';
import type { Runtime } from './runtime.mts';

/** The package's credential types, with what they inherit. */
export class EngineCredentialTypes {
	constructor(
		private readonly runtime: Runtime,
		private readonly types: ReadonlyMap<string, ICredentialType>,
		private readonly nodeTypes: EngineNodeTypes,
	) {}

	/** @throws Error that names the type when it is unknown */
	getByName(name: string): ICredentialType {
		const type = this.types.get(name);
		if (type) return type;
		const known = [...this.types.keys()].join(', ');
		throw new Error(`Unknown credential type "${name}". This engine knows: ${known}`);
	}

	/** Names of all types that this one extends, nearest first. */
	getParentTypes(name: string): string[] {
		const parents = this.types.get(name)?.extends ?? [];
		return parents.flatMap((parent) => [parent, ...this.getParentTypes(parent)]);
	}

	/** Own properties take the place of inherited ones of the same name. */
	getProperties(name: string): INodeProperties[] {
		const { extends: parents = [], properties: own } = this.getByName(name);
		const { mergeNodeProperties } = this.runtime.workflow.NodeHelpers;
		const merged: INodeProperties[] = [];
		for (const parent of parents) mergeNodeProperties(merged, this.getProperties(parent));
		mergeNodeProperties(merged, own);
		return merged;
	}

	/** Whether a node may read the credential; anyone may, unless the type is restricted. */
	isUsableBy(name: string, nodeTypeName: string): boolean {
		if (this.types.get(name)?.restrictToSupportedNodes !== true) return true;
		for (const [fullName, { description }] of this.nodeTypes.entries()) {
			if (fullName !== nodeTypeName) continue;
			if (description.credentials?.some((used) => used.name === name)) return true;
		}
		return false;
	}
}
