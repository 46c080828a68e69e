import type {
	ICredentialDataDecryptedObject,
	ICredentialsExpressionResolveValues,
	ICredentialType,
	IExecuteData,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { EngineNodeTypes } from './nodeTypes.mts';
import { createScratchWorkflow, type Runtime } from './runtime.mts';
import type { StoredCredential } from './types.mts';

/** Takes the place of n8n's encrypted credentials table. Searched by id first, then by name. */
export class CredentialStore {
	private readonly stored: Map<string, StoredCredential>;

	constructor(credentials: Record<string, StoredCredential> = {}) {
		this.stored = new Map(Object.entries(credentials));
	}

	/** @throws Error when there is none, or one of another type */
	read(reference: INodeCredentialsDetails, type: string): ICredentialDataDecryptedObject {
		return structuredClone(this.find(reference, type).data);
	}

	/** Kept for this engine's later runs, e.g. a token from preAuthentication. */
	update(
		reference: INodeCredentialsDetails,
		type: string,
		changes: ICredentialDataDecryptedObject,
	): void {
		Object.assign(this.find(reference, type).data, changes);
	}

	private find({ id, name }: INodeCredentialsDetails, type: string): StoredCredential {
		const found = this.stored.get(id ?? name) ?? this.stored.get(name);
		if (!found) {
			const known = [...this.stored.keys()].join(', ');
			throw new Error(`No credential with id "${id}" or name "${name}". Given: ${known}`);
		}
		if (found.type === type) return found;
		throw new Error(`Credential "${name}" is of type "${found.type}", the node wants "${type}"`);
	}
}

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

	/** Its own properties replace inherited ones of the same name. */
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

export interface ReadingContext {
	additionalData: IWorkflowExecuteAdditionalData;
	mode: WorkflowExecuteMode;
	executeData?: IExecuteData | undefined;
	/** the node and item being executed; none in credential tests and list searches */
	place?: ICredentialsExpressionResolveValues | undefined;
}

/** Turns a stored credential into what a node reads. */
export class CredentialValues {
	constructor(
		private readonly runtime: Runtime,
		private readonly types: EngineCredentialTypes,
		private readonly nodeTypes: EngineNodeTypes,
	) {}

	/** Adds the type's default values and resolves expressions. @throws ExpressionError */
	complete(
		type: string,
		stored: ICredentialDataDecryptedObject,
		context: ReadingContext,
	): ICredentialDataDecryptedObject {
		const withDefaults = this.runtime.workflow.NodeHelpers.getNodeParameters(
			this.types.getProperties(type),
			stored as INodeParameters,
			true,
			false,
			null,
			null,
		);
		return this.resolve(withDefaults ?? {}, context) as ICredentialDataDecryptedObject;
	}

	private resolve(values: INodeParameters, context: ReadingContext): unknown {
		const { additionalData, mode, place } = context;
		const { getAdditionalKeys } = this.runtime.core;
		const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
		if (place) return resolveAtItem(values, context, place, keys);
		const { workflow, node } = createScratchWorkflow(this.runtime, this.nodeTypes);
		return workflow.expression.getComplexParameterValue(
			node,
			values,
			mode,
			keys,
			undefined,
			undefined,
			values,
		);
	}
}

// A credential can depend on the item being worked on: {{ $json.tenant }} is resolved here.
function resolveAtItem(
	values: INodeParameters,
	{ mode, executeData }: ReadingContext,
	place: ICredentialsExpressionResolveValues,
	keys: ReturnType<typeof import('n8n-core').getAdditionalKeys>,
): unknown {
	return place.workflow.expression.getParameterValue(
		values,
		place.runExecutionData,
		place.runIndex,
		place.itemIndex,
		place.node.name,
		place.connectionInputData,
		mode,
		keys,
		executeData,
		false,
		values,
	);
}
