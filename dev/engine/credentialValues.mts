import type {
	ICredentialDataDecryptedObject,
	ICredentialsExpressionResolveValues,
	IExecuteData,
	INodeParameters,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { EngineCredentialTypes } from './credentialTypes.mts';
import type { EngineNodeTypes } from './nodeTypes.mts';
import type { Runtime } from './runtime.mts';
import { createScratchWorkflow } from './scratchWorkflow.mts';

export interface ReadingContext {
	additionalData: IWorkflowExecuteAdditionalData;
	mode: WorkflowExecuteMode;
	executeData?: IExecuteData | undefined;
	/** the node and item being executed; none in credential tests and list searches */
	place?: ICredentialsExpressionResolveValues | undefined;
}

/** Turns what is stored of a credential into what a node reads. */
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
